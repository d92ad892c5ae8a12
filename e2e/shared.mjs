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

const tools = /tool|function/;
const forms = /structured|object$/;
const limits = /max tokens/;
const agents = [tools, forms, limits, /image/, /limits is/];

/** What upstreams have no place for. The tests that need it are not theirs; what becomes of it there is told by the gateway's own tests. */
const outside = { hunyuan: [forms, limits], dify: agents, agent: agents, application: agents };

/** The tests of a suite that an upstream can take. */
export function within(upstream, tests) {
  const strange = outside[upstream] ?? [];
  return Object.entries(tests).filter(([name]) => !strange.some((kind) => kind.test(name)));
}
