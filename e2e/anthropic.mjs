// The `@anthropic-ai/sdk` package: messages and token counts.
import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import { city, contains, jsonShape } from './shared.mjs';

const model = 'm-1';
const max_tokens = 256;
const tools = [{ name: 'weather', description: 'The weather of a city', input_schema: city }];
const ask = (text) => ({ model, max_tokens, system: 'Be brief.', messages: [{ role: 'user', content: text }] });

export function tests(env) {
  const client = new Anthropic({ baseURL: env.base, apiKey: env.key, maxRetries: 0 });
  return {
    async 'a whole answer with usage'() {
      const answer = await client.messages.create(ask('alpha beta gamma'));
      assert.equal(answer.type, 'message');
      assert.equal(answer.role, 'assistant');
      contains(answer.content.find((b) => b.type === 'text').text, 'alpha beta gamma');
      assert.equal(answer.stop_reason, 'end_turn');
      assert.ok(answer.usage.input_tokens > 0 && answer.usage.output_tokens > 0);
    },
    async 'a streamed answer says the same as a whole one'() {
      const whole = await client.messages.create(ask('one two three'));
      const streamed = await client.messages.stream(ask('one two three')).finalMessage();
      assert.deepEqual(streamed.content.map((b) => b.text), whole.content.map((b) => b.text));
      assert.equal(streamed.stop_reason, 'end_turn');
      assert.equal(streamed.usage.output_tokens, whole.usage.output_tokens);
    },
    async 'tools are called, and their results are taken'() {
      const first = await client.messages.create({ ...ask('weather?'), tools });
      assert.equal(first.stop_reason, 'tool_use');
      const calls = first.content.filter((b) => b.type === 'tool_use');
      jsonShape(calls[0].input, { city: 'string' });
      const second = await client.messages.create({
        ...ask('weather?'),
        tools,
        messages: [
          { role: 'user', content: 'weather?' },
          { role: 'assistant', content: first.content },
          { role: 'user', content: calls.map((c) => ({ type: 'tool_result', tool_use_id: c.id, content: 'sunny' })) },
        ],
      });
      assert.equal(second.stop_reason, 'end_turn');
    },
    async 'streamed tool calls have their input whole'() {
      const message = await client.messages.stream({ ...ask('weather?'), tools }).finalMessage();
      assert.equal(message.stop_reason, 'tool_use');
      jsonShape(message.content.find((b) => b.type === 'tool_use').input, { city: 'string' });
    },
    async 'an image is taken'() {
      const answer = await client.messages.create({
        model,
        max_tokens,
        messages: [{
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
            { type: 'text', text: 'what is this' },
          ],
        }],
      });
      assert.ok(answer.content[0].text.length > 0);
    },
    async 'tokens are counted'() {
      const { max_tokens: _, ...question } = ask('count these words please');
      const count = await client.messages.countTokens(question);
      assert.ok(count.input_tokens > 0);
    },
    async 'the models are listed in the form of the protocol'() {
      const page = await client.models.list();
      assert.ok(Array.isArray(page.data));
      assert.equal(page.has_more, false);
    },
    async 'max tokens end the answer'() {
      const answer = await client.messages.create({ ...ask('a b c d e f g h i j k l m'), max_tokens: 3 });
      assert.equal(answer.stop_reason, 'max_tokens');
    },
    async 'a wrong key is an AuthenticationError'() {
      const wrong = new Anthropic({ baseURL: env.base, apiKey: 'sk-wrong', maxRetries: 0 });
      await assert.rejects(wrong.messages.create(ask('x')), (e) => {
        assert.ok(e instanceof Anthropic.AuthenticationError);
        assert.equal(e.error.error.type, 'authentication_error');
        return true;
      });
    },
    async 'an upstream that limits is a RateLimitError'() {
      await assert.rejects(client.messages.create({ ...ask('x'), model: 'm-429' }), (e) => {
        assert.ok(e instanceof Anthropic.RateLimitError);
        assert.equal(e.error.error.type, 'rate_limit_error');
        return true;
      });
    },
    async 'a stream can be left'() {
      const stream = client.messages.stream({ ...ask('a long tale'), model: 'm-slow' });
      await new Promise((resolve, reject) => {
        stream.once('text', resolve);
        stream.once('error', reject);
      });
      stream.abort();
      await assert.rejects(stream.done(), Anthropic.APIUserAbortError);
    },
  };
}
