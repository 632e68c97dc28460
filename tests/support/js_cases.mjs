// Runs cases through verify.js, under Node and in a browser alike: cases in, answers out.

const bytes = (text) => Uint8Array.from(atob(text ?? ""), (character) => character.charCodeAt(0));

async function answer(v, test) {
  const { kind } = test;
  if (kind === "inclusion") {
    const proof = (test.proof ?? []).map(bytes);
    return v.verifyInclusion(bytes(test.leafHash), test.leafIdx, test.treeSize, proof, bytes(test.root));
  }
  if (kind === "consistency") {
    const proof = (test.proof ?? []).map(bytes);
    return v.verifyConsistency(test.size1, test.size2, proof, bytes(test.root1), bytes(test.root2));
  }
  if (kind === "leaf") return v.b64(await v.leafHash(bytes(test.data)));
  if (kind === "node") return v.b64(await v.nodeHash(bytes(test.left), bytes(test.right)));
  if (kind === "note") {
    try {
      const note = v.parseNote(test.note);
      const names = [];
      for (const vkey of test.trusted_vkeys) {
        if ((await v.signedBy(note, await v.parseVkey(vkey))).length) names.push(vkey.split("+")[0]);
      }
      return { names, code: null };
    } catch (error) {
      return { names: [], code: error.code ?? String(error) };
    }
  }
  if (kind === "canonical") {
    try {
      return v.b64(v.canonical(v.parseCanonical(bytes(test.data))));
    } catch {
      return null;
    }
  }
  if (kind === "file") {
    const { reason, verified, checks, facts } = (await v.verifyText(test.text, test.trust)) ?? {};
    return { reason, verified, checks, facts };
  }
  if (kind === "without Ed25519") {
    const real = globalThis.crypto.subtle;
    const refuse = () => Promise.reject(new DOMException("no", "NotSupportedError"));
    const stub = { digest: (...rest) => real.digest(...rest), importKey: refuse };
    v.useSubtle(test.webcrypto ? stub : undefined);
    try {
      const { reason, verified } = await v.verifyText(test.text, test.trust);
      return { reason, verified };
    } finally {
      v.useSubtle(real);
    }
  }
  throw new Error(`unknown case ${kind}`);
}

export async function run(v, cases) {
  const answers = [];
  for (const test of cases) answers.push(await answer(v, test));
  return answers;
}

if (globalThis.process?.argv?.[2]) {
  const { readFileSync } = await import("node:fs");
  const v = await import(globalThis.process.argv[2]);
  const cases = JSON.parse(readFileSync(0, "utf8"));
  globalThis.process.stdout.write(JSON.stringify(await run(v, cases)));
}
