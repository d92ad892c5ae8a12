// The `openai` package: chat completions and responses.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { city, contains, jsonShape } from './shared.mjs';

const model = 'm-1';
const messages = (text) => [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: text }];
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'The weather of a city', parameters: city },
};

export function tests(env) {
  const client = new OpenAI({ baseURL: `${env.base}/v1`, apiKey: env.key, maxRetries: 0 });
  return {
    async 'a whole answer with usage'() {
      const answer = await client.chat.completions.create({ model, messages: messages('alpha beta gamma') });
      contains(answer.choices[0].message.content, 'alpha beta gamma');
      assert.equal(answer.choices[0].finish_reason, 'stop');
      assert.equal(answer.choices.length, 1);
      assert.ok(answer.usage.prompt_tokens > 0 && answer.usage.completion_tokens > 0);
      assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
    },
    async 'a streamed answer says the same as a whole one'() {
      const whole = await client.chat.completions.create({ model, messages: messages('one two three') });
      let text = '';
      let finish;
      const roles = [];
      const ids = new Set();
      for await (const chunk of await client.chat.completions.create({ model, messages: messages('one two three'), stream: true })) {
        assert.equal(chunk.usage ?? null, null, 'usage was not asked for');
        assert.equal(chunk.object, 'chat.completion.chunk');
        ids.add(chunk.id);
        const choice = chunk.choices[0];
        if (!choice) continue;
        if (choice.delta.role) roles.push(choice.delta.role);
        text += choice.delta.content ?? '';
        finish = choice.finish_reason ?? finish;
      }
      assert.equal(text, whole.choices[0].message.content);
      assert.equal(finish, 'stop');
      assert.deepEqual(roles, ['assistant']);
      assert.equal(ids.size, 1);
    },
    async 'usage at the end of a stream when asked for'() {
      const usages = [];
      const stream = await client.chat.completions.create({
        model, messages: messages('count me'), stream: true, stream_options: { include_usage: true },
      });
      for await (const chunk of stream) if (chunk.usage) usages.push(chunk.usage);
      assert.equal(usages.length, 1);
      assert.ok(usages[0].completion_tokens > 0);
    },
    async 'tools are called, and their results are taken'() {
      const first = await client.chat.completions.create({ model, messages: messages('weather?'), tools: [weather] });
      assert.equal(first.choices[0].finish_reason, 'tool_calls');
      const [call] = first.choices[0].message.tool_calls;
      assert.equal(call.function.name, 'weather');
      jsonShape(call.function.arguments, { city: 'string' });
      const second = await client.chat.completions.create({
        model,
        tools: [weather],
        messages: [
          ...messages('weather?'),
          first.choices[0].message,
          ...first.choices[0].message.tool_calls.map((c) => ({ role: 'tool', tool_call_id: c.id, content: 'sunny, 21 degrees' })),
        ],
      });
      assert.equal(second.choices[0].finish_reason, 'stop');
      assert.ok(second.choices[0].message.content.length > 0);
    },
    async 'streamed tool calls have their arguments whole'() {
      const stream = client.chat.completions.stream({ model, messages: messages('weather?'), tools: [weather] });
      const done = await stream.finalChatCompletion();
      const [call] = done.choices[0].message.tool_calls;
      jsonShape(call.function.arguments, { city: 'string' });
      assert.ok(call.id.length > 0);
    },
    async 'structured output fits its schema'() {
      const answer = await client.chat.completions.create({
        model,
        messages: messages('a city as json'),
        response_format: { type: 'json_schema', json_schema: { name: 'city', schema: city, strict: true } },
      });
      jsonShape(answer.choices[0].message.content, { city: 'string' });
    },
    async 'an image is taken'() {
      const answer = await client.chat.completions.create({
        model,
        messages: [{
          role: 'user',
          content: [
            { type: 'text', text: 'what is this' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        }],
      });
      assert.ok(answer.choices[0].message.content.length > 0);
    },
    async 'max tokens end the answer'() {
      const answer = await client.chat.completions.create({ model, messages: messages('a b c d e f g h i j k l m'), max_tokens: 3 });
      assert.equal(answer.choices[0].finish_reason, 'length');
    },
    async 'a wrong key is an AuthenticationError'() {
      const wrong = new OpenAI({ baseURL: `${env.base}/v1`, apiKey: 'sk-wrong', maxRetries: 0 });
      await assert.rejects(wrong.chat.completions.create({ model, messages: messages('x') }), OpenAI.AuthenticationError);
    },
    async 'an upstream that limits is a RateLimitError'() {
      await assert.rejects(client.chat.completions.create({ model: 'm-429', messages: messages('x') }), OpenAI.RateLimitError);
    },
    async 'a stream can be left'() {
      const stream = await client.chat.completions.create({ model: 'm-slow', messages: messages('a long tale'), stream: true });
      for await (const chunk of stream) {
        if (chunk.choices[0]?.delta.content) break;
      }
      stream.controller.abort();
    },
    async 'responses, whole and streamed'() {
      const whole = await client.responses.create({ model, input: 'delta epsilon', instructions: 'Be brief.' });
      contains(whole.output_text, 'delta epsilon');
      assert.equal(whole.status, 'completed');
      assert.ok(whole.usage.input_tokens > 0 && whole.usage.output_tokens > 0);
      let text = '';
      let last;
      let sequence = -1;
      for await (const event of await client.responses.create({ model, input: 'delta epsilon', instructions: 'Be brief.', stream: true })) {
        assert.ok(event.sequence_number > sequence, 'sequence numbers rise');
        sequence = event.sequence_number;
        if (event.type === 'response.output_text.delta') text += event.delta;
        last = event;
      }
      assert.equal(text, whole.output_text);
      assert.equal(last.type, 'response.completed');
      assert.equal(last.response.output_text ?? last.response.output[0].content[0].text, text);
    },
    async 'responses call functions'() {
      const answer = await client.responses.create({
        model,
        input: 'weather?',
        tools: [{ type: 'function', name: 'weather', description: 'The weather', parameters: city, strict: false }],
      });
      const call = answer.output.find((item) => item.type === 'function_call');
      assert.equal(call.name, 'weather');
      jsonShape(call.arguments, { city: 'string' });
    },
    async 'streamed responses call functions, and their results are taken'() {
      const tools = [{ type: 'function', name: 'weather', description: 'The weather', parameters: city, strict: false }];
      const fragments = {};
      let first;
      for await (const event of await client.responses.create({ model, input: 'weather?', tools, stream: true })) {
        if (event.type === 'response.function_call_arguments.delta') {
          fragments[event.item_id] = (fragments[event.item_id] ?? '') + event.delta;
        }
        if (event.type === 'response.completed') first = event.response;
      }
      const calls = first.output.filter((item) => item.type === 'function_call');
      assert.ok(calls.length > 0);
      for (const call of calls) {
        jsonShape(call.arguments, { city: 'string' });
        assert.equal(fragments[call.id], call.arguments);
      }
      const second = await client.responses.create({
        model,
        tools,
        input: [
          { role: 'user', content: 'weather?' },
          ...calls,
          ...calls.map((c) => ({ type: 'function_call_output', call_id: c.call_id, output: 'sunny, 21 degrees' })),
        ],
      });
      assert.equal(second.status, 'completed');
      contains(second.output_text, 'sunny');
    },
  };
}
