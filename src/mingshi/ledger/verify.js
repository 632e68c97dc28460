// Check a receipt of a sealed fact in a browser (or Node ≥ 20), alone and off-line: WebCrypto and nothing else.
//
// The same checks in the same order, with the same reason codes, as verify.py, which says at its head what each
// one is and which clause it follows; the tests give both the same files. Nothing here touches the page, the
// network, the clock or storage.
//
//   import { verifyText } from "./verify.js";
//   const verdict = await verifyText(text, { policy, fingerprint, nowS, phone });
//
// `policy` is the rule of trust from someone you trust, or `fingerprint` the one printed on the paper receipt.
// A browser without Ed25519 (Chromium before 137, Firefox before 129, Safari before 17), or a page that is not
// served securely, gets the reason NO_ED25519: nothing was checked, and nothing is called verified.

const SKEW_S = 120;
const MERGE_DELAY_S = 86400;
const MAX_DEPTH = 16;
const MAX_SIGNATURES = 100;
const MAX_COMMITMENTS = 64;
const MAX_ENTRY = 65535;
const ED25519 = 1;
const COSIGNATURE = 4;
const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
const PROMISE_HEADER = "mingshi/promise/v1";
const OVERDUE_HEADER = "mingshi/overdue/v1";

const DEAL = ["deal", "buyer", "agent"];
const PAIR = ["agent", "buyer"];
const PARTS = new Map([
  ["registration", PAIR], ["confirmation", PAIR], ["arrival", PAIR], ["statement", PAIR], ["escort", PAIR],
  ["deal", DEAL], ["payment", DEAL], ["cancellation", DEAL], ["ruling", DEAL], ["decision", DEAL],
  ["objection", DEAL], ["settlement", DEAL], ["consent", ["buyer"]], ["withdrawal", ["buyer"]],
  ["session", ["buyer"]], ["policy", ["site"]], ["notice", ["site"]], ["erasure", ["buyer", "site"]],
  ["control", ["site"]],
]);

/** A check said no; `code` is a reason of verify.py, or NO_ED25519. */
export class Refused extends Error {
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
  }
}

/** A text is not in form; the caller turns it into the reason of its check. */
class Malformed extends Error {}

// --- Bytes: base64, whole numbers, canonical JSON ---------------------------------------------------------

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const bytesOf = (text) => encoder.encode(text);

function concat(...pieces) {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function equal(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function b64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function unb64(text, length) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new Malformed("base64");
  }
  const bytes = Uint8Array.from(raw, (character) => character.charCodeAt(0));
  if (b64(bytes) !== text || (length !== undefined && bytes.length !== length)) throw new Malformed("base64");
  return bytes;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) throw new Malformed("number");
  return Number(text);
}

const wellFormed = (text) => decoder.decode(bytesOf(text)) === text;

function write(value, depth) {
  if (depth < 0) throw new Malformed("nested too deeply");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Malformed("not a whole number");
    return String(value === 0 ? 0 : value);
  }
  if (typeof value === "string") {
    if (!wellFormed(value)) throw new Malformed("lone surrogate");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth - 1)).join(",")}]`;
  const keys = Object.keys(value).sort();
  // eslint-disable-next-line no-control-regex
  if (!keys.every((key) => /^[\x00-\x7f]*$/.test(key))) throw new Malformed("key");
  return `{${keys.map((key) => `${JSON.stringify(key)}:${write(value[key], depth - 1)}`).join(",")}}`;
}

/** Canonical JSON (RFC 8785, whole numbers only) as bytes. */
export function canonical(value) {
  return bytesOf(write(value, MAX_DEPTH));
}

/** The value of canonical JSON; any other spelling is refused, duplicate keys included. */
export function parseCanonical(bytes) {
  let text, value;
  try {
    text = decoder.decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Malformed("JSON");
  }
  if (write(value, MAX_DEPTH) !== text) throw new Malformed("not in canonical form");
  return value;
}

// --- WebCrypto ---------------------------------------------------------------------------------------------

let subtle = globalThis.crypto?.subtle;

/** Use another SubtleCrypto: for tests. */
export function useSubtle(other) {
  subtle = other;
}

const needSubtle = () => {
  if (!subtle) throw new Refused("NO_ED25519", "no WebCrypto: the page must be served over https or from localhost");
  return subtle;
};

export async function sha256(bytes) {
  return new Uint8Array(await needSubtle().digest("SHA-256", bytes));
}

async function hmac(key, message) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await needSubtle().importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, message));
}

async function ed25519(key, signature, message) {
  let imported;
  try {
    imported = await needSubtle().importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (error?.name === "NotSupportedError" || error instanceof TypeError) {
      throw new Refused("NO_ED25519", "this browser cannot check Ed25519 signatures");
    }
    return false;
  }
  return subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

// --- The tree (RFC 6962 §2.1) --------------------------------------------------------------------------------

export const leafHash = (entry) => sha256(concat(Uint8Array.of(0), entry));
export const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

const half = (number) => Math.floor(number / 2);
const odd = (number) => number % 2 === 1;
const allHashes = (...hashes) => hashes.every((each) => each.length === 32);
const whole = (number) => Number.isSafeInteger(number) && number >= 0;

export async function verifyInclusion(leaf, index, size, proof, root) {
  if (!whole(index) || !whole(size) || index >= size || !allHashes(leaf, root, ...proof)) return false;
  let here = index, last = size - 1, at = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (odd(here) || here === last) {
      at = await nodeHash(sibling, at);
      while (!odd(here) && here) [here, last] = [half(here), half(last)];
    } else {
      at = await nodeHash(at, sibling);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && equal(at, root);
}

export async function verifyConsistency(oldSize, newSize, proof, oldRoot, newRoot) {
  if (!whole(oldSize) || !whole(newSize) || oldSize > newSize) return false;
  if (!allHashes(oldRoot, newRoot, ...proof)) return false;
  if (oldSize === newSize) {
    const known = oldSize > 0 || equal(oldRoot, await sha256(new Uint8Array()));
    return proof.length === 0 && equal(oldRoot, newRoot) && known;
  }
  if (oldSize === 0 || proof.length === 0) return false;
  let here = oldSize - 1, last = newSize - 1;
  while (odd(here)) [here, last] = [half(here), half(last)];
  const hashes = [...proof];
  let older = here === 0 ? oldRoot : hashes.shift();
  let newer = older;
  for (const sibling of hashes) {
    if (last === 0) return false;
    if (odd(here) || here === last) {
      [older, newer] = [await nodeHash(sibling, older), await nodeHash(sibling, newer)];
      while (!odd(here) && here) [here, last] = [half(here), half(last)];
    } else {
      newer = await nodeHash(newer, sibling);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && equal(older, oldRoot) && equal(newer, newRoot);
}

// --- Keys and signed notes (C2SP signed-note, tlog-cosignature) ----------------------------------------------

const NAME_BAD = /[\p{White_Space}+\x00-\x1f]/u;
const nameOk = (name) => name !== "" && !NAME_BAD.test(name);

async function keyId(name, kind, key) {
  return hex((await sha256(concat(bytesOf(`${name}\n`), Uint8Array.of(kind), key))).subarray(0, 4));
}

/** The fingerprint people compare: 160 bits of SHA-256 in ten groups of four digits. */
export async function fingerprint(text) {
  return hex((await sha256(bytesOf(text))).subarray(0, 20)).match(/.{4}/g).join(" ");
}

// The points of order 1 to 8, whatever their sign: under such a key anybody can sign (RFC 8032 §5.1.7).
const WEAK = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ...["ec", "ed", "ee"].map((first) => `${first}${"ff".repeat(30)}7f`),
]);

export async function parseVkey(text) {
  const [name, id, encoded, ...more] = text.split("+");
  if (id === undefined || encoded === undefined) throw new Malformed("vkey");
  const material = unb64([encoded, ...more].join("+"), 33);
  const kind = material[0], key = material.subarray(1);
  if (!nameOk(name) || (kind !== ED25519 && kind !== COSIGNATURE)) throw new Malformed("vkey");
  if (WEAK.has(hex(key.map((byte, at) => (at === 31 ? byte & 0x7f : byte))))) throw new Malformed("weak key");
  if ((await keyId(name, kind, key)) !== id) throw new Malformed("vkey id");
  return { name, kind, key, id, text };
}

function parseSignature(line) {
  const [dash, name, encoded, ...more] = line.split(" ");
  if (dash !== "—" || encoded === undefined || more.length || !nameOk(name)) throw new Malformed("signature line");
  const data = unb64(encoded);
  if (data.length < 5) throw new Malformed("signature line");
  return { name, id: hex(data.subarray(0, 4)), value: data.subarray(4) };
}

export function parseNote(note) {
  try {
    // eslint-disable-next-line no-control-regex
    if (/[\x00-\x09\x0b-\x1f]/.test(note)) throw new Malformed("control character");
    const blank = note.lastIndexOf("\n\n");
    if (blank < 0 || !note.endsWith("\n") || note.length === blank + 2) throw new Malformed("no signatures");
    const signatures = note.slice(blank + 2, -1).split("\n").map(parseSignature);
    if (signatures.length > MAX_SIGNATURES) throw new Malformed("too many signatures");
    return { text: `${note.slice(0, blank)}\n`, signatures };
  } catch (error) {
    throw as(error, "MALFORMED_NOTE");
  }
}

function as(error, code) {
  return error instanceof Malformed ? new Refused(code, error.message) : error;
}

/** The times of this key's signatures, all checked; 0 where the kind has no time. */
export async function signedBy(note, vkey) {
  const times = [];
  for (const { name, id, value } of note.signatures) {
    if (name !== vkey.name || id !== vkey.id) continue;
    let at = 0, signature = value, message = note.text;
    if (vkey.kind === COSIGNATURE) {
      at = value.length < 8 ? NaN : Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0));
      signature = value.subarray(8);
      message = `cosignature/v1\ntime ${at}\n${note.text}`;
    }
    const good = Number.isSafeInteger(at) && signature.length === 64
      && (await ed25519(vkey.key, signature, bytesOf(message)));
    if (!good) throw new Refused(vkey.kind === ED25519 ? "BAD_LOG_SIGNATURE" : "BAD_COSIGNATURE", vkey.text);
    times.push(at);
  }
  return times;
}

export function parseCheckpoint(text) {
  const lines = text.split("\n");
  try {
    if (lines.length < 4 || lines.pop() !== "" || lines.includes("")) throw new Malformed("not three lines or more");
    const [origin, size, root, ...extensions] = lines;
    return { origin, size: decimal(size), root: unb64(root, 32), extensions };
  } catch (error) {
    throw as(error, "MALFORMED_CHECKPOINT");
  }
}

// --- The rule of trust (C2SP tlog-policy) --------------------------------------------------------------------

export async function parsePolicy(text) {
  const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
  const used = new Set();
  const fresh = (name) => {
    if (name === "none" || policy.witnesses.has(name) || policy.groups.has(name)) throw new Malformed(`name ${name}`);
  };
  const keyOf = async (vkey, kind, others) => {
    const key = await parseVkey(vkey);
    if (key.kind !== kind || others.some((other) => equal(other.key, key.key))) throw new Malformed("key");
    return key;
  };
  let number = 0;
  for (const line of text.split("\n")) {
    number += 1;
    const words = line.replace(/^[ \t]+|[ \t]+$/g, "").split(/[ \t]+/);
    try {
      // eslint-disable-next-line no-control-regex
      if (/[\x00-\x08\x0b-\x1f\x7f]/.test(line)) throw new Malformed("control character");
      if (words[0] === "" || words[0].startsWith("#")) continue;
      if (words[0] === "log" && (words.length === 2 || words.length === 3)) {
        policy.logs.push(await keyOf(words[1], ED25519, policy.logs));
      } else if (words[0] === "witness" && (words.length === 3 || words.length === 4)) {
        fresh(words[1]);
        policy.witnesses.set(words[1], await keyOf(words[2], COSIGNATURE, [...policy.witnesses.values()]));
      } else if (words[0] === "group" && words.length > 3) {
        const [, name, count, ...members] = words;
        fresh(name);
        for (const member of members) {
          if (!policy.witnesses.has(member) && !policy.groups.has(member)) throw new Malformed(`${member} undefined`);
          if (used.has(member)) throw new Malformed(`${member} twice`);
          used.add(member);
        }
        const need = count === "all" ? members.length : count === "any" ? 1 : decimal(count);
        if (need < 1 || need > members.length) throw new Malformed(`${need} of ${members.length}`);
        policy.groups.set(name, { need, members });
      } else if (words[0] === "quorum" && words.length === 2) {
        const name = words[1];
        const known = name === "none" || policy.witnesses.has(name) || policy.groups.has(name);
        if (policy.quorum || !known) throw new Malformed("quorum");
        policy.quorum = name;
      } else {
        throw new Malformed("not a line of a policy");
      }
    } catch (error) {
      throw error instanceof Malformed ? new Refused("MALFORMED_POLICY", `line ${number}: ${error.message}`) : error;
    }
  }
  if (!policy.quorum) throw new Refused("MALFORMED_POLICY", "no quorum line");
  for (const [name, witness] of policy.witnesses) {
    if (policy.logs.some((log) => equal(log.key, witness.key))) throw new Refused("WITNESS_IS_LOG", name);
  }
  return policy;
}

export function satisfied(policy, cosigners) {
  const has = (name) => {
    const group = policy.groups.get(name);
    return group ? group.members.filter(has).length >= group.need : cosigners.has(name);
  };
  return policy.quorum === "none" || has(policy.quorum);
}

function checkIndependence(policy) {
  const house = (name) => `.${name.split("/")[0].toLowerCase()}`;
  for (const log of policy.logs) {
    const ours = house(log.name);
    const own = new Set();
    for (const [name, witness] of policy.witnesses) {
      const theirs = house(witness.name);
      if (ours.endsWith(theirs) || theirs.endsWith(ours)) own.add(name);
    }
    if (satisfied(policy, own)) throw new Refused("QUORUM_IS_OWN", [...own].join(" "));
  }
}

function checkQuorum(policy, times) {
  const moments = [...times.values()].flat().sort((one, other) => one - other);
  for (const moment of moments) {
    const seen = [...times].filter(([, stamps]) => Math.min(...stamps) <= moment).map(([name]) => name);
    if (satisfied(policy, new Set(seen))) return moment;
  }
  if (satisfied(policy, new Set())) return 0;
  throw new Refused("QUORUM_NOT_MET", policy.quorum);
}

async function checkHead(text, policy, nowS, at = () => {}) {
  at("log");
  const note = parseNote(text);
  const origin = note.text.split("\n")[0];
  const keys = policy.logs.filter((key) => key.name === origin);
  if (!keys.length) throw new Refused("UNKNOWN_LOG", origin);
  let signed = false;
  for (const key of keys) signed = (await signedBy(note, key)).length > 0 || signed;
  if (!signed) throw new Refused("NO_LOG_SIGNATURE", origin);
  at("checkpoint");
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.extensions.length) throw new Refused("EXTENSION_LINES");
  at("cosignatures");
  const times = new Map();
  for (const [name, witness] of policy.witnesses) {
    const stamps = await signedBy(note, witness);
    if (stamps.length) times.set(name, stamps);
  }
  for (const [name, stamps] of times) {
    if (nowS != null && Math.max(...stamps) > nowS + SKEW_S) throw new Refused("FUTURE_COSIGNATURE", name);
  }
  at("quorum");
  return { note, checkpoint, times, sealedByS: checkQuorum(policy, times) };
}

// --- Proofs (C2SP tlog-proof) --------------------------------------------------------------------------------

export function parseProof(text) {
  const blank = text.indexOf("\n\n");
  const lines = (blank < 0 ? text : text.slice(0, blank)).split("\n");
  try {
    if (lines.shift() !== PROOF_HEADER || blank < 0) throw new Malformed("first line, or the blank line");
    let extra = new Uint8Array();
    if (lines.length && lines[0].startsWith("extra ")) extra = unb64(lines.shift().slice(6));
    const first = lines.length ? lines.shift() : "";
    if (!first.startsWith("index ")) throw new Malformed("no index line");
    const index = decimal(first.slice(6));
    return { extra, index, hashes: lines.map((line) => unb64(line, 32)), note: text.slice(blank + 2) };
  } catch (error) {
    throw as(error, "MALFORMED_PROOF");
  }
}

// --- Entries and openings (docs/formats/entry.md) ------------------------------------------------------------

function members(value, required, optional = []) {
  const object = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!object) throw new Malformed("not an object");
  const keys = Object.keys(value);
  const complete = required.every((key) => keys.includes(key));
  if (!complete || !keys.every((key) => required.includes(key) || optional.includes(key))) {
    throw new Malformed(`an object with ${required.join(", ")}`);
  }
  return value;
}

function text(value) {
  if (typeof value !== "string") throw new Malformed("a text is needed");
  return value;
}

async function parseEntry(value) {
  let entry;
  try {
    const { v, site, seq, kind, cms } = members(value, ["v", "site", "seq", "kind", "cms"]);
    if (v !== 1) throw new Malformed("v is not 1");
    if (typeof site !== "string" || !site || !whole(seq)) throw new Malformed("site, seq");
    if (!Array.isArray(cms) || typeof kind !== "string") throw new Malformed("kind, cms");
    entry = { site, seq, kind, cms: cms.map((each) => unb64(text(each), 32)), data: canonical(value) };
  } catch (error) {
    throw as(error, "MALFORMED_ENTRY");
  }
  const names = PARTS.get(entry.kind);
  if (!names) throw new Refused("UNKNOWN_KIND", entry.kind);
  const count = entry.cms.length;
  if (count < names.length || (count > names.length && names !== DEAL) || count > MAX_COMMITMENTS) {
    throw new Refused("MALFORMED_ENTRY", `${count} commitments`);
  }
  if (new Set(entry.cms.map(b64)).size !== count || entry.data.length > MAX_ENTRY) {
    throw new Refused("MALFORMED_ENTRY", "a commitment twice, or too long");
  }
  entry.leaf = await leafHash(entry.data);
  entry.part = (at) => names[Math.min(at, names.length - 1)];
  return entry;
}

function parseOpening(value) {
  let opening;
  try {
    const { at, salt, value: part } = members(value, ["at", "salt", "value"]);
    opening = { at, salt: unb64(text(salt)), value: part };
    const object = typeof part === "object" && part !== null && !Array.isArray(part);
    if (typeof at !== "number" || !object) throw new Malformed("opening");
  } catch (error) {
    throw as(error, "MALFORMED_EXTRA");
  }
  if (opening.salt.length !== 32) throw new Refused("BAD_SALT", `${opening.salt.length} bytes`);
  return opening;
}

export async function commitment(salt, part, value) {
  return hmac(salt, concat(bytesOf(`mingshi/commit/v1\0${part}\0`), canonical(value)));
}

export async function phoneMac(salt, typed) {
  return b64(await hmac(salt, bytesOf(`mingshi/phone/v1\0${typed}`)));
}

function checkEntry(entry, origin, index) {
  if (entry.site !== origin) throw new Refused("WRONG_SITE", `${entry.site} / ${origin}`);
  if (entry.seq !== index) throw new Refused("WRONG_INDEX", `${entry.seq} / ${index}`);
}

async function checkOpenings(entry, openings) {
  for (const { at, salt, value } of openings) {
    const inside = at >= 0 && at < entry.cms.length;
    if (!inside || !equal(await commitment(salt, entry.part(at), value), entry.cms[at])) {
      throw new Refused("OPENING_MISMATCH", `at ${at}`);
    }
  }
}

async function checkInclusion(entry, proof, checkpoint) {
  if (!(await verifyInclusion(entry.leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root))) {
    throw new Refused("NOT_INCLUDED", `${proof.index} / ${checkpoint.size}`);
  }
}

async function checkPhone(openings, phone) {
  for (const { salt, value } of openings) {
    if (value.phone_mac === (await phoneMac(salt, phone))) return;
  }
  throw new Refused("PHONE_MISMATCH");
}

function checkTime(openings, sealedByS, before, index) {
  if (before && before.checkpoint.size > index) throw new Refused("MALFORMED_EXTRA", "before holds the entry");
  for (const { value } of openings) {
    if (typeof value.at_us !== "number") continue;
    const statedS = Math.floor(value.at_us / 1000000);
    if (statedS > sealedByS + SKEW_S) throw new Refused("POSTDATED", `${statedS} > ${sealedByS}`);
    if (before && statedS + SKEW_S < before.sealedByS) {
      throw new Refused("BACKDATED", `${statedS} < ${before.sealedByS}`);
    }
    if (statedS + MERGE_DELAY_S + SKEW_S < sealedByS) throw new Refused("LATE_SEAL", `${statedS} / ${sealedByS}`);
  }
}

// --- Promises (docs/formats/promise.md) ----------------------------------------------------------------------

async function parsePromise(said) {
  const lines = said.split("\n");
  try {
    if (lines.length !== 8 || lines[0] !== PROMISE_HEADER || lines[7] !== "") throw new Malformed("seven lines");
    const after = (word, line) => {
      if (!line.startsWith(`${word} `)) throw new Malformed(word);
      return line.slice(word.length + 1);
    };
    const index = decimal(lines[2]), leaf = unb64(lines[3], 32);
    const timeS = decimal(after("time", lines[4])), withinS = decimal(after("within", lines[5]));
    const named = after("witness", lines[6]);
    const witness = named === "none" ? null : await parseVkey(named);
    if (witness && witness.kind !== COSIGNATURE) throw new Malformed("witness");
    return { origin: lines[1], index, leaf, timeS, dueS: timeS + withinS + SKEW_S, witness };
  } catch (error) {
    throw as(error, "PROMISE_MALFORMED");
  }
}

async function checkPromise(said, entry, policy) {
  const note = parseNote(said);
  const promise = await parsePromise(note.text);
  let signed = false;
  try {
    for (const key of policy.logs) {
      if (key.name === promise.origin) signed = (await signedBy(note, key)).length > 0 || signed;
    }
  } catch (error) {
    throw error.code === "BAD_LOG_SIGNATURE" ? new Refused("PROMISE_SIGNATURE", error.detail) : error;
  }
  if (!signed) throw new Refused("PROMISE_SIGNATURE", promise.origin);
  const same = promise.origin === entry.site && promise.index === entry.seq && equal(promise.leaf, entry.leaf);
  if (!same) throw new Refused("PROMISE_OTHER_ENTRY", `${promise.origin} ${promise.index}`);
  return promise;
}

async function checkPromiseKept(promise, note) {
  if (!promise.witness) return;
  const times = await signedBy(note, promise.witness);
  if (!times.length) throw new Refused("PROMISE_WITNESS_MISSING", promise.witness.name);
  if (Math.min(...times) > promise.dueS) throw new Refused("PROMISE_LATE", `${Math.min(...times)} > ${promise.dueS}`);
}

// --- Verdicts ------------------------------------------------------------------------------------------------

const STEPS = {
  receipt: ["format", "policy", "log", "checkpoint", "cosignatures", "quorum", "entry", "openings", "inclusion",
    "time", "promise", "phone", "trust"],
  promise: ["format", "policy", "entry", "openings", "promise", "phone", "trust"],
  overdue: ["format", "policy", "entry", "openings", "promise", "log", "checkpoint", "cosignatures", "quorum",
    "overdue", "phone", "trust"],
};

async function judge(kind, checks) {
  const done = [];
  const facts = {};
  const names = STEPS[kind];
  const verdict = (reason, detail) => ({
    kind, verified: reason === null, reason, detail, facts,
    checks: names.map((name, at) => {
      const failed = reason !== null && name === done[done.length - 1];
      return { number: at + 1, name, passed: done.includes(name) ? !failed : null };
    }),
  });
  try {
    await checks((name) => done.push(name), facts);
  } catch (error) {
    if (error instanceof Refused) return verdict(error.code, error.detail);
    throw error;
  }
  return verdict(null, "");
}

function chooseRule(trust, enclosed) {
  const rule = trust.policy ?? enclosed;
  if (rule === undefined) throw new Refused("NO_POLICY");
  return rule;
}

async function openPolicy(rule, facts) {
  facts.policy_fingerprint = await fingerprint(rule);
  const policy = await parsePolicy(rule);
  checkIndependence(policy);
  return policy;
}

async function checkTrust(trust, rule) {
  const said = (trust.fingerprint ?? "").toLowerCase().replace(/[^0-9a-f]/g, "");
  const printed = await fingerprint(rule);
  if (trust.policy == null && said !== printed.replaceAll(" ", "")) throw new Refused("POLICY_NOT_TRUSTED", printed);
}

function enclosedOf(value) {
  if (!Array.isArray(value.openings) || !value.openings.length) throw new Refused("MALFORMED_EXTRA", "no openings");
  for (const name of Object.keys(value)) {
    if (!["v", "format", "entry", "openings", "other_entry"].includes(name) && typeof value[name] !== "string") {
      throw new Refused("MALFORMED_EXTRA", `${name} is not a text`);
    }
  }
  return { ...value, openings: value.openings.map(parseOpening) };
}

function parseDocument(file, header, required, optional) {
  let value;
  try {
    value = members(parseCanonical(bytesOf(file)), ["format", "entry", "openings", "promise", ...required], optional);
    if (value.format !== header) throw new Malformed("format");
  } catch (error) {
    throw as(error, "MALFORMED_EXTRA");
  }
  return enclosedOf(value);
}

const entryFacts = (entry, openings) => ({
  origin: entry.site, index: entry.seq, kind: entry.kind, leaf: b64(entry.leaf),
  opened: openings.map(({ at, value }) => ({ part: entry.part(at), value })),
});

/** Checks 1 to 13 on a receipt file. */
export function verifyReceipt(file, trust = {}) {
  return judge("receipt", async (at, facts) => {
    // (1) the form of the file
    at("format");
    const proof = parseProof(file);
    let extra;
    try {
      extra = members(parseCanonical(proof.extra), ["v", "entry", "openings"], ["policy", "promise", "before"]);
      if (extra.v !== 1) throw new Malformed("v is not 1");
    } catch (error) {
      throw as(error, "MALFORMED_EXTRA");
    }
    const enclosed = enclosedOf(extra);
    // (2) the rule of trust
    at("policy");
    const rule = chooseRule(trust, enclosed.policy);
    const policy = await openPolicy(rule, facts);
    // (3) to (6) the signed and witnessed checkpoint: from here on its size and root are believed
    const head = await checkHead(proof.note, policy, trust.nowS, at);
    const { checkpoint } = head;
    // (7) the entry
    at("entry");
    const entry = await parseEntry(enclosed.entry);
    checkEntry(entry, checkpoint.origin, proof.index);
    // (8) what is opened is what was committed to
    at("openings");
    await checkOpenings(entry, enclosed.openings);
    // (9) the leaf recomputed from that entry is in that tree
    at("inclusion");
    await checkInclusion(entry, proof, checkpoint);
    Object.assign(facts, entryFacts(entry, enclosed.openings), {
      size: checkpoint.size, root: b64(checkpoint.root), sealed_by_s: head.sealedByS,
      witnesses: Object.fromEntries([...head.times].map(([name, stamps]) => [name, Math.min(...stamps)])),
    });
    // (10) the stated time
    at("time");
    const before = enclosed.before === undefined ? null : await checkHead(enclosed.before, policy, trust.nowS);
    if (before && before.checkpoint.origin !== checkpoint.origin) {
      throw new Refused("MALFORMED_EXTRA", "before: another log");
    }
    facts.sealed_after_s = before ? before.sealedByS : null;
    checkTime(enclosed.openings, head.sealedByS, before, entry.seq);
    // (11) the promise
    if (enclosed.promise !== undefined) {
      at("promise");
      await checkPromiseKept(await checkPromise(enclosed.promise, entry, policy), head.note);
    }
    // (12) the phone
    if (trust.phone != null) {
      at("phone");
      await checkPhone(enclosed.openings, trust.phone);
    }
    // (13) whose rule of trust it was
    at("trust");
    await checkTrust(trust, rule);
  });
}

async function checkPromised(enclosed, trust, at, facts, overdue) {
  at("policy");
  const rule = chooseRule(trust, enclosed.policy);
  const policy = await openPolicy(rule, facts);
  at("entry");
  const entry = await parseEntry(enclosed.entry);
  at("openings");
  await checkOpenings(entry, enclosed.openings);
  at("promise");
  const promise = await checkPromise(enclosed.promise, entry, policy);
  Object.assign(facts, entryFacts(entry, enclosed.openings), {
    promised_s: promise.timeS, due_s: promise.dueS, witness: promise.witness ? promise.witness.text : "none",
  });
  if (overdue) {
    const head = await checkHead(enclosed.head, policy, trust.nowS, at);
    at("overdue");
    facts.outcome = await checkOverdue(promise, head, enclosed, policy, trust.nowS);
    Object.assign(facts, { size: head.checkpoint.size, head_s: head.sealedByS });
  }
  if (trust.phone != null) {
    at("phone");
    await checkPhone(enclosed.openings, trust.phone);
  }
  at("trust");
  await checkTrust(trust, rule);
}

async function checkOverdue(promise, head, enclosed, policy, nowS) {
  if (head.checkpoint.origin !== promise.origin) throw new Refused("UNKNOWN_LOG", head.checkpoint.origin);
  if (head.sealedByS <= promise.dueS) throw new Refused("NOT_OVERDUE", `${head.sealedByS} <= ${promise.dueS}`);
  if (head.checkpoint.size <= promise.index) return "ABSENT";
  if (enclosed.other === undefined) return "UNANSWERED";
  const proof = parseProof(enclosed.other);
  const entry = await parseEntry(enclosed.other_entry);
  const shown = (await checkHead(proof.note, policy, nowS)).checkpoint;
  if (proof.index !== promise.index) throw new Refused("WRONG_INDEX", `${proof.index} / ${promise.index}`);
  checkEntry(entry, promise.origin, promise.index);
  await checkInclusion(entry, proof, shown);
  if (equal(entry.leaf, promise.leaf)) throw new Refused("PROMISE_KEPT", `${promise.index}`);
  return "REPLACED";
}

/** A promise file. */
export function verifyPromise(file, trust = {}) {
  return judge("promise", async (at, facts) => {
    at("format");
    await checkPromised(parseDocument(file, PROMISE_HEADER, [], ["policy"]), trust, at, facts, false);
  });
}

/** A promise that was not kept: facts.outcome is ABSENT, REPLACED or UNANSWERED. */
export function verifyOverdue(file, trust = {}) {
  return judge("overdue", async (at, facts) => {
    at("format");
    const enclosed = parseDocument(file, OVERDUE_HEADER, ["head"], ["policy", "other", "other_entry"]);
    if ((enclosed.other === undefined) !== (enclosed.other_entry === undefined)) {
      throw new Refused("MALFORMED_EXTRA", "other and other_entry come together");
    }
    await checkPromised(enclosed, trust, at, facts, true);
  });
}

/** The verdict on any file this version knows; null where the file is of no known format. */
export async function verifyText(file, trust = {}) {
  if (!file.startsWith("{")) return file.split("\n")[0] === PROOF_HEADER ? verifyReceipt(file, trust) : null;
  let format;
  try {
    format = JSON.parse(file).format;
  } catch {
    return null;
  }
  if (format === PROMISE_HEADER) return verifyPromise(file, trust);
  return format === OVERDUE_HEADER ? verifyOverdue(file, trust) : null;
}

/** Do two verified receipts prove that the log showed two pasts? */
export function contradict(one, other) {
  const a = one.facts, b = other.facts;
  if (!(one.verified && other.verified && one.kind === "receipt" && other.kind === "receipt")) return false;
  if (a.origin !== b.origin) return false;
  return (a.size === b.size && a.root !== b.root) || (a.index === b.index && a.leaf !== b.leaf);
}

/** What NO_ED25519 means, for the page to show; the other reasons are those of verify.py. */
export const NO_ED25519_TEXT = {
  zh: "此浏览器（或此页面的打开方式）不能核验 Ed25519 签名：什么都没有核验。请换新版浏览器、经 https 打开，或用 mingshi verify",
  en: "This browser, or the way this page was opened, cannot check Ed25519 signatures: nothing was checked. Use a newer browser over https, or mingshi verify",
};
