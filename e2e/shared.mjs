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
