// 通行密钥: asks the phone to make or use a passkey. The phone checks its user by its own means and tells us only that
// it did. Reference: mingshi.passes.passkey.

/** Whether this browser can: many in-app browsers cannot, and nobody is the worse for it. */
export async function able() {
  const kind = globalThis.PublicKeyCredential;
  return Boolean(globalThis.isSecureContext && kind && (await kind.isUserVerifyingPlatformAuthenticatorAvailable()));
}

/** Answer `enrol_options`. Returns the text for `Passkeys.enrol`; throws `NotAllowedError` where the person said no. */
export async function enrol({ challenge, options }) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: [],
  };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  return sent(challenge, made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
}

/** Answer `options`. Returns the text for `Passkeys.check`; throws `NotAllowedError` where the person said no. */
export async function prove({ challenge, options }) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: [] };
  const shown = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature } = shown.response;
  return sent(challenge, shown, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
  });
}

function sent(challenge, { id, rawId, type }, response) {
  return JSON.stringify({ challenge, credential: { id, rawId: text(rawId), type, response } });
}

function bytes(base64url) {
  const plain = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function text(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
