import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSecretName, withoutSecrets } from "../../src/core/secrets.ts";
import { rounds } from "../support/effort.ts";

const F = "[filtered]";

describe("a text", () => {
  test.each([
    ["a password", "login with password=hunter2 failed", `login with password=${F} failed`],
    ["a password in a query", "GET /login?user=ann&passwd=x%20y&page=2", `GET /login?user=ann&passwd=${F}&page=2`],
    ["a quoted password", `{"user":"ann","password":"a \\"b\\" c"}`, `{"user":"ann","password":${F}}`],
    ["a password in JSON in JSON", `body {\\"pwd\\":\\"hunter2\\",\\"a\\":1}`, `body {\\"pwd\\":${F},\\"a\\":1}`],
    ["a name with a beginning", "DB_PASSWORD='hunter2'", `DB_PASSWORD=${F}`],
    ["a key", "api-key: 1234abcd", `api-key: ${F}`],
    ["a token with digits", "refresh_token=a1b2c3d4", `refresh_token=${F}`],
    ["a session", "session_id = 77", `session_id = ${F}`],
    ["an authorization header", "Authorization: Digest a, b\r\nHost: x", `Authorization: ${F}\r\nHost: x`],
    ["a cookie header", "sent Cookie: a=b; c=d", `sent Cookie: ${F}`],
    ["a header in quotes", `{'Proxy-Authorization': 'Basic abc'}`, `{'Proxy-Authorization': '${F}'}`],
    ["a bearer token", "got Bearer abc1.d-e_f/gh= for it", `got Bearer ${F} for it`],
    ["basic credentials", "Basic dXNlcjpwYXNzd29yZA== refused", `Basic ${F} refused`],
    ["a user in a URL", "connect postgres://ann:s%40cret@db:5432/shop", `connect postgres://${F}@db:5432/shop`],
    ["a JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-d_e ended", `${F} ended`],
    ["tokens that say what they are", `sk_live_${"a1".repeat(8)} ghp_${"b2".repeat(12)}`, `${F} ${F}`],
    ["a key of AWS", "key AKIAIOSFODNN7EXAMPLE", `key ${F}`],
    ["a private key", "-----BEGIN EC PRIVATE KEY-----\nab-c\n-----END EC PRIVATE KEY----- end", `${F} end`],
    ["a private key that was cut", "x -----BEGIN PRIVATE KEY-----\nab-c", `x ${F}`],
    ["a card", "card 4111 1111 1111 1111, declined", `card ${F}, declined`],
    ["a card without blanks", "5555555555554444", F],
    ["a card of 15 digits", "3782-822463-10005", F],
  ])("loses %s", (_what, given, expected) => {
    expect(withoutSecrets(given)).toBe(expected);
    expect(withoutSecrets(expected)).toBe(expected);
  });

  test.each([
    "",
    "passwords do not match",
    "the secret garden",
    "assembly 'Serilog, Version=2.0.0.0, PublicKeyToken=24c2f752a8e58a10'",
    "Access denied for user 'root'@'localhost' (using password: YES)",
    "speeds 3528 0000 0000 0007 3552 of fans",
    "speeds 1 3528 0000 0000 0007",
    "Unexpected token: identifier",
    `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
    "tokens: 12, maxTokens=5",
    "basic usage of cookies",
    "Basic authentication failed",
    "bearer of bad news",
    "https://example.com:8080/a@b",
    "order 4111111111111112 of 1795424400000",
    "7b1e4111111111111111aa",
    "version 4111.1111.1111.1111",
    "user ann@example.com",
  ])("without a secret stays as it is: %j", (text) => {
    expect(withoutSecrets(text)).toBe(text);
  });

  test("loses its secret whatever is around it", () => {
    const secrets = [
      "password=hunter2x",
      "Bearer a1b2c3d4e5",
      "4111111111111111",
      "token=a1b2c3d4",
      "pg://u:hunter2x@h",
    ];
    const secret = fc.constantFrom(...secrets);
    const around = fc.string({ unit: fc.constantFrom(" ", "\n", "(", ")", "<", "ä", "😀", ",", "\ud800", "\0") });
    fc.assert(
      fc.property(around, secret, around, (before, found, after) => {
        expect(withoutSecrets(`${before} ${found} ${after}`)).not.toMatch(/hunter2x|a1b2c3d4|4111111111111111/u);
      }),
      { numRuns: rounds({ quick: 300, full: 20_000 }) },
    );
  });

  test("is the same for events that differ in their secrets", () => {
    const texts = ["a1b2c3d4e5", "zzzz9999zzzz", "0"].map((value) =>
      withoutSecrets(`request ?api_key=${value}&page=1`),
    );
    expect(new Set(texts).size).toBe(1);
  });
});

describe("the name of a member", () => {
  test.each([
    "password",
    "Password",
    "user_password",
    "passwordHash",
    "X-Api-Key",
    "apiKey",
    "access.key",
    "Set-Cookie",
    "cookies",
    "Authorization",
    "csrfToken",
    "X-CSRF",
    "sessionid",
    "connect.sid",
    "client_secret",
    "card_number",
    "cvv",
    "accessToken",
  ])("says that its value is a secret: %s", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each(["", "name", "author", "tokensUsed", "pass", "card", "session", "key", "id", "x".repeat(1_000)])(
    "says nothing of a secret: %j",
    (name) => {
      expect(isSecretName(name)).toBe(false);
    },
  );
});
