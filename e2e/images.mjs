// The `openai` package: pictures.
import assert from 'node:assert/strict';
import OpenAI from 'openai';

export function tests(env) {
  const client = new OpenAI({ baseURL: `${env.base}/v1`, apiKey: env.key, maxRetries: 0 });
  return {
    async 'several pictures'() {
      const answer = await client.images.generate({ model: env.model, prompt: 'a red fox', n: 2, size: '1024x1024' });
      assert.equal(answer.data.length, 2);
      // The simulated OpenAI sends pictures themselves, as its newer models do.
      for (const picture of answer.data) assert.match(picture.url ?? picture.b64_json, env.upstream === 'openai' ? /^iVBOR/ : /^https?:\/\//);
      assert.ok(answer.created > 0);
    },
    async 'the pictures themselves'() {
      const answer = await client.images.generate({ model: env.model, prompt: 'a red fox', response_format: 'b64_json' });
      assert.equal(answer.data.length, 1);
      assert.equal(answer.data[0].url ?? null, null);
      assert.deepEqual([...Buffer.from(answer.data[0].b64_json, 'base64').subarray(1, 4)], [...Buffer.from('PNG')]);
    },
    async 'an upstream that limits is a RateLimitError'() {
      await assert.rejects(client.images.generate({ model: `${env.model}-429`, prompt: 'x' }), OpenAI.RateLimitError);
    },
  };
}
