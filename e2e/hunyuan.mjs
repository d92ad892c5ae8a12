// The `tencentcloud-sdk-nodejs-hunyuan` package: chat in Hunyuan's own form. Its requests are signed, so the gateway's key has a header of its own.
import assert from 'node:assert/strict';
import tencentcloud from 'tencentcloud-sdk-nodejs-hunyuan';
import { city, contains, jsonShape } from './shared.mjs';

const { Client } = tencentcloud.hunyuan.v20230901;
const Model = 'm-1';
const messages = (text) => [{ Role: 'system', Content: 'Be brief.' }, { Role: 'user', Content: text }];
const weather = {
  Type: 'function',
  Function: { Name: 'weather', Description: 'The weather of a city', Parameters: JSON.stringify(city) },
};

function connect(env, key = env.key) {
  const { protocol, host, pathname } = new URL(env.base);
  return new Client({
    credential: { secretId: 'unused', secretKey: 'unused' },
    profile: { httpProfile: { protocol: `${protocol}//`, endpoint: `${host}${pathname}`, headers: { 'x-api-key': key } } },
  });
}

async function refused(call, code) {
  await assert.rejects(call, (e) => {
    assert.match(e.code ?? '', code, `${e?.stack}`);
    assert.ok(e.message.length > 0);
    return true;
  });
}

export function tests(env) {
  const client = connect(env);
  const events = async (request) => {
    const all = [];
    for await (const event of await client.ChatCompletions({ Model, Stream: true, ...request })) all.push(JSON.parse(event.data));
    return all;
  };
  return {
    async 'a whole answer with usage'() {
      const answer = await client.ChatCompletions({ Model, Messages: messages('alpha beta gamma') });
      contains(answer.Choices[0].Message.Content, 'alpha beta gamma');
      assert.equal(answer.Choices[0].FinishReason, 'stop');
      assert.ok(answer.Usage.PromptTokens > 0 && answer.Usage.CompletionTokens > 0);
      assert.equal(answer.Usage.TotalTokens, answer.Usage.PromptTokens + answer.Usage.CompletionTokens);
      assert.ok(answer.RequestId.length > 0);
    },
    async 'a streamed answer says the same as a whole one'() {
      const whole = await client.ChatCompletions({ Model, Messages: messages('one two three') });
      const all = await events({ Messages: messages('one two three') });
      assert.equal(all.map((event) => event.Choices[0]?.Delta.Content ?? '').join(''), whole.Choices[0].Message.Content);
      assert.equal(all.at(-1).Choices[0].FinishReason, 'stop');
      assert.equal(all.at(-1).Usage.CompletionTokens, whole.Usage.CompletionTokens);
      assert.equal(new Set(all.map((event) => event.Id)).size, 1);
    },
    async 'tools are called, and their results are taken'() {
      const first = await client.ChatCompletions({ Model, Messages: messages('weather?'), Tools: [weather] });
      assert.equal(first.Choices[0].FinishReason, 'tool_calls');
      const { ToolCalls: calls } = first.Choices[0].Message;
      assert.equal(calls[0].Function.Name, 'weather');
      jsonShape(calls[0].Function.Arguments, { city: 'string' });
      const second = await client.ChatCompletions({
        Model,
        Tools: [weather],
        Messages: [
          ...messages('weather?'),
          first.Choices[0].Message,
          ...calls.map((call) => ({ Role: 'tool', ToolCallId: call.Id, Content: 'sunny, 21 degrees' })),
        ],
      });
      assert.equal(second.Choices[0].FinishReason, 'stop');
      assert.ok(second.Choices[0].Message.Content.length > 0);
    },
    async 'streamed tool calls have their arguments whole'() {
      const all = await events({ Messages: messages('weather?'), Tools: [weather] });
      const calls = [];
      for (const fragment of all.flatMap((event) => event.Choices[0]?.Delta.ToolCalls ?? [])) {
        const call = (calls[fragment.Index ?? 0] ??= { name: '', arguments: '' });
        call.name ||= fragment.Function.Name ?? '';
        call.arguments += fragment.Function.Arguments ?? '';
      }
      assert.equal(all.at(-1).Choices[0].FinishReason, 'tool_calls');
      assert.equal(calls[0].name, 'weather');
      for (const call of calls) jsonShape(call.arguments, { city: 'string' });
    },
    async 'an image is taken'() {
      const answer = await client.ChatCompletions({
        Model,
        Messages: [{
          Role: 'user',
          Contents: [
            { Type: 'text', Text: 'what is this' },
            { Type: 'image_url', ImageUrl: { Url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        }],
      });
      assert.ok(answer.Choices[0].Message.Content.length > 0);
    },
    async 'a wrong key is an AuthFailure'() {
      await refused(connect(env, 'sk-wrong').ChatCompletions({ Model, Messages: messages('x') }), /^AuthFailure/);
    },
    async 'an upstream that limits is a RequestLimitExceeded'() {
      await refused(client.ChatCompletions({ Model: 'm-429', Messages: messages('x') }), /^RequestLimitExceeded/);
    },
  };
}
