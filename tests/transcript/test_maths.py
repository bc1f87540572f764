import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.maths import normalise_math
from tests.helpers.examples import examples
from tests.transcript.growth import grows_linearly


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("no maths", "no maths"),
        (r"so \(x^2\) is", "so $x^2$ is"),
        (r"so \( x^2 \) is", "so $x^2$ is"),
        (r"so \[x\] is", "so $$x$$ is"),
        ("$x$ and $y$", "$x$ and $y$"),
        ("the $n$th and $k$-means", "the $n$th and $k$-means"),
        ("设$x$为", "设$x$为"),
        ("a $$x$$ b", "a $$x$$ b"),
        (r"\[ x \]", "$$\nx\n$$"),
        ("\\[\nx\n\n  y\n\\]\n\nend", "$$\nx\n\n  y\n$$\n\nend"),
        ("$$E = mc^2$$\n", "$$\nE = mc^2\n$$\n"),
        ("$$E = mc^2$$.\n", "$$\nE = mc^2.\n$$\n"),
        ("$$ a\n= b $$\n", "$$\na\n= b \n$$\n"),
        ("$$\na\n$$\n", "$$\na\n$$\n"),
        ("\\[\na\n\\], so\nit is", "$$\na\n$$\n, so\nit is"),
        ("text\n\\[\na\n\\]\n", "text\n$$\na\n$$\n"),
        ("- a\n  \\[ b \\]\n- c", "- a\n  $$\n  b\n  $$\n- c"),
        ("1. $$a$$\n", "1. $$\n   a\n   $$\n"),
        ("> \\[\n> a\n> \\]\n", "> $$\n> a\n> $$\n"),
        ("\\[\n$$\n\\]", "$$$\n$$\n$$$"),
        ("$5 and $10", r"\$5 and \$10"),
        ("US$3.50 or $1,000.", r"US\$3.50 or \$1,000."),
        ("from $5 to 10$ each", r"from \$5 to 10\$ each"),
        ("costs $5, and $x$ is", r"costs \$5, and $x$ is"),
        ("is $5$ or $2x + 1$", "is $5$ or $2x + 1$"),
        ("$HOME and $PATH", r"\$HOME and \$PATH"),
        ("$$$ is dear", r"\$\$\$ is dear"),
        (r"already \$5 and $6", r"already \$5 and \$6"),
        (r"$\text{costs \$5}$", r"$\text{costs \$5}$"),
        (r"`\(a\)` and `$5`, \(b\)", r"`\(a\)` and `$5`, $b$"),
        ("```\n\\(a\\) $5\n\n\\[b\\]\n```\n$5", "```\n\\(a\\) $5\n\n\\[b\\]\n```\n\\$5"),
        ("    \\(a\\) $5\n", "    \\(a\\) $5\n"),
        ("https://a.b/$c/$d and <https://a.b/$c>", "https://a.b/$c/$d and <https://a.b/$c>"),
        (r"\\(a\\)", r"\\(a\\)"),
        (r"never \(closed", r"never \(closed"),
        ("|a|\n|-|\n|`|\n|\\(x\\)|\n|`|", "|a|\n|-|\n|`|\n|$x$|\n|`|"),
        ("\\[ never\n\nclosed $5", "\\[ never\n\nclosed \\$5"),
        ("Set $HOME and `$PATH` to $5", "Set \\$HOME and `$PATH` to \\$5"),
        ("\\(a `b\\) c`", "\\(a `b\\) c`"),
        ("$$a `b$$ c`", "\\$\\$a `b$$ c`"),
        ("$HOME/$USER and ($A) or ($B)", "\\$HOME/\\$USER and (\\$A) or (\\$B)"),
        ("${HOME}/${USER}", "\\${HOME}/\\${USER}"),
        ("$5/month, 6$ to 10$", "\\$5/month, 6\\$ to 10\\$"),
        ("H$_2$O, CO$_{2}$, 10$^{-3}$ or US$_5", "H$_2$O, CO$_{2}$, 10$^{-3}$ or US\\$_5"),
        (r"\[\\\]", r"\[\\\]"),
        (r"\(\) \[ a \\\]", r"\(\) $$a \\$$"),
        (r"\[ a \\\]", "$$\na \\\\\n$$"),
        ("text\n\\[not a link](/foo)\n\\[foo]: /url", "text\n\\[not a link](/foo)\n\\[foo]: /url"),
        ("$$ \u2013 moderate prices\n\nmore\n$$", "\\$\\$ \u2013 moderate prices\n\nmore\n\\$\\$"),
        ("\\[\nx\n\nAll these are words.\n\\]", "\\[\nx\n\nAll these are words.\n\\]"),
        ("\\begin{align*}\na &= b\n\\end{align*}",
         "$$\n\\begin{align*}\na &= b\n\\end{align*}\n$$"),
        ("- \\begin{math}x\\end{math}.", "- $$\n  x.\n  $$"),
        ("\\begin{eqnarray}\na&=&b\\label{x}\n\\end{eqnarray}",
         "$$\n\\begin{array}{rcl}\na&=&b\n\\end{array}\n$$"),
        ("\\begin{figure}\n$5", "\\begin{figure}\n\\$5"),
        ("- < 10: a\n- > 25: b\n- >= 5\n1. >90%", "- < 10: a\n- \\> 25: b\n- \\>= 5\n1. \\>90%"),
        ("- > **25**\n> - > $5", "- \\> **25**\n> - \\> \\$5"),
        ("- > said\n- > 2023 was\n  > good", "- > said\n- > 2023 was\n  > good"),
        ("- > 7\n  >\n  > b\n- > 1. b\n> 5", "- > 7\n  >\n  > b\n- > 1. b\n> 5"),
        ("```\n- > 5\n```\n", "```\n- > 5\n```\n"),
        ("见 https://a.b/c。又见 www.a.b》完", "见 https://a.b/c<!---->。又见 www.a.b<!---->》完"),
        ("[文](https://a.b。c) `https://a.b。`", "[文](https://a.b。c) `https://a.b。`"),
        ("https://a.b/c, https://a.b/中文", "https://a.b/c, https://a.b/中文"),
        ("**Note: ** text, 2 ** 3 ** 4", "**Note:** text, 2 ** 3 ** 4"),
        ("**foo bar **", "**foo bar **"),
        ("`**a ** b` and **b ** `c`", "`**a ** b` and **b** `c`"),
    ],
)  # fmt: skip
def test_maths_is_written_one_way_and_prices_are_escaped(written: str, normal: str):
    assert normalise_math(written) == normal


@examples(300)
@given(st.text("ab5 $\\()[]`\n->", max_size=40))
def test_no_letter_is_lost(text: str):
    kept = [letter for letter in normalise_math(text) if letter in "ab5"]
    assert kept == [letter for letter in text if letter in "ab5"]


@examples(300)
@given(st.lists(st.sampled_from(["$5", "$x$", r"\(a\)", " ", "word", "`$`", "\n"])))
def test_normal_maths_stays_as_it_is(pieces: list[str]):
    once = normalise_math(" ".join(pieces))
    assert normalise_math(once) == once


@pytest.mark.parametrize(
    "unit",
    ["$", "$a ", "$5 a", "$$ ", "\\(", "\\[", "`$", "<$", "$`", "\\", "$a$b", "$$\n", "\\$", "\\(`",
     "\\[!", "\\[\n", "\\[\n$$\n\\begin{align}\n", "$a:", "a$_2", "- > 5\n", "- > 5 ", "**a ** ",
     "](", "https://a。"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(unit: str):
    assert grows_linearly(normalise_math, unit)
