// What the suites share.
import assert from 'node:assert/strict';

/** JSON schema of an object with the name of a city. */
export const city = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

export function contains(text, part) {
  assert.ok(typeof text === 'string' && text.includes(part), `${JSON.stringify(text)} (expected: contains ${part})`);
}

/** Asserts that a text, or an object, has members of these types. */
export function jsonShape(value, types) {
  const object = typeof value === 'string' ? JSON.parse(value) : value;
  for (const [name, type] of Object.entries(types)) {
    assert.equal(typeof object[name], type, `${name} of ${JSON.stringify(value)}`);
  }
}

const vectors = new Map();

/** Asserts that a vector is that of a text, which is the same whatever upstream makes it and however it is written. */
export function alike(text, vector, dimensions) {
  const floats = Array.from(vector, Math.fround);
  assert.equal(floats.length, dimensions);
  const known = vectors.get(text);
  if (!known) vectors.set(text, floats);
  else assert.deepEqual(floats, known, `the vector of ${text}`);
  for (const [other, its] of vectors) if (other !== text) assert.notDeepEqual(floats, its, `${text} is not ${other}`);
}

/** The numbers of a vector in Base64. */
export function decoded(base64) {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

const tools = /tool|function/;
const forms = /structured|object$/;
const limits = /max tokens/;
const agents = [tools, forms, limits, /image/, /limits is/];

/** What upstreams have no place for. The tests that need it are not theirs; what becomes of it there is told by the gateway's own tests. */
const outside = { hunyuan: [forms, limits], dify: agents, agent: agents, application: agents, coze: agents };

/** The tests of a suite that an upstream can take. */
export function within(upstream, tests) {
  const strange = outside[upstream] ?? [];
  return Object.entries(tests).filter(([name]) => !strange.some((kind) => kind.test(name)));
}
