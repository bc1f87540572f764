// A certified OpenID Connect provider with the people and the client of a test, on loopback.
//   node server.mjs '{"port": 1234, "client": {...}, "people": {"anna": {"groups": ["staff"]}}, "lasts": 3600}'
// Anybody signs in with a name of `people` and any password; `lasts` is in seconds, of an access token.

import Provider from "oidc-provider";

const { port, client, people, lasts } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [client],
  cookies: { keys: ["only for tests"] },
  claims: {
    openid: ["sub"],
    profile: ["name", "preferred_username"],
    email: ["email", "email_verified"],
    groups: ["groups"],
  },
  features: { backchannelLogout: { enabled: true } },
  findAccount: async (_, id) =>
    people[id] && { accountId: id, claims: async () => ({ sub: id, name: id, ...people[id] }) },
  pkce: { required: () => true },
  // A token that is there for the first time, so that one that is used twice ends the login.
  rotateRefreshToken: true,
  issueRefreshToken: async (_, asking, code) =>
    asking.grantTypeAllowed("refresh_token") && code.scopes.has("offline_access"),
  ttl: { AccessToken: lasts, IdToken: 3600, Interaction: 600, Session: 3600, Grant: 3600 },
});
provider.on("server_error", (_, error) => console.error(error));
provider.listen(port, "127.0.0.1", () => console.log(`listening at ${issuer}`));
