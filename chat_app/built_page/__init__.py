"""What is changed of the page that Reflex builds: a plugin of its build for each concern."""
