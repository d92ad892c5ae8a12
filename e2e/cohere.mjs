// The `cohere-ai` package: version 2 of chat, embeddings and rerank.
import assert from 'node:assert/strict';
import { Cohere, CohereClientV2 } from 'cohere-ai';
import { alike, city, contains, decoded, jsonShape } from './shared.mjs';

const model = 'm-1';
const messages = (text) => [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: text }];
const weather = { type: 'function', function: { name: 'weather', description: 'The weather of a city', parameters: city } };

const connect = (env, token = env.key) => new CohereClientV2({ token, environment: env.base, maxRetries: 0 });
const said = (message) => (message.content ?? []).map((part) => part.text ?? '').join('');

/** Refuses a call as the SDK tells it. */
async function refused(call, type, status) {
  await assert.rejects(call, (e) => {
    assert.ok(e instanceof type, `${e?.constructor?.name}: ${e?.message}`);
    assert.equal(e.statusCode, status);
    assert.ok(e.body.message.length > 0);
    return true;
  });
}

export function chat(env) {
  const client = connect(env);
  return {
    async 'a whole answer with usage'() {
      const answer = await client.chat({ model, messages: messages('alpha beta gamma') });
      contains(said(answer.message), 'alpha beta gamma');
      assert.equal(answer.message.role, 'assistant');
      assert.equal(answer.finishReason, 'COMPLETE');
      assert.ok(answer.id.length > 0);
      assert.ok(answer.usage.tokens.inputTokens > 0 && answer.usage.tokens.outputTokens > 0);
    },
    async 'a streamed answer says the same as a whole one'() {
      const whole = await client.chat({ model, messages: messages('one two three') });
      let text = '';
      const types = [];
      let end;
      for await (const event of await client.chatStream({ model, messages: messages('one two three') })) {
        types.push(event.type);
        if (event.type === 'content-delta') text += event.delta.message.content.text ?? '';
        if (event.type === 'message-end') end = event.delta;
      }
      assert.equal(text, said(whole.message));
      assert.equal(types[0], 'message-start');
      assert.equal(types.at(-1), 'message-end');
      assert.equal(types.filter((type) => type === 'content-start').length, types.filter((type) => type === 'content-end').length);
      assert.equal(end.finishReason, 'COMPLETE');
      assert.equal(end.usage.tokens.outputTokens, whole.usage.tokens.outputTokens);
    },
    async 'tools are called, and their results are taken'() {
      const first = await client.chat({ model, messages: messages('weather?'), tools: [weather] });
      assert.equal(first.finishReason, 'TOOL_CALL');
      const [call] = first.message.toolCalls;
      assert.equal(call.function.name, 'weather');
      jsonShape(call.function.arguments, { city: 'string' });
      const second = await client.chat({
        model,
        tools: [weather],
        messages: [
          ...messages('weather?'),
          first.message,
          ...first.message.toolCalls.map((c) => ({
            role: 'tool', toolCallId: c.id, content: [{ type: 'document', document: { data: { weather: 'sunny, 21 degrees' } } }],
          })),
        ],
      });
      assert.equal(second.finishReason, 'COMPLETE');
      assert.ok(said(second.message).length > 0);
    },
    async 'streamed tool calls are whole'() {
      const calls = [];
      let finish;
      for await (const event of await client.chatStream({ model, messages: messages('weather?'), tools: [weather] })) {
        if (event.type === 'tool-call-start') calls.push({ ...event.delta.message.toolCalls, arguments: event.delta.message.toolCalls.function.arguments ?? '' });
        if (event.type === 'tool-call-delta') calls.at(-1).arguments += event.delta.message.toolCalls.function.arguments;
        if (event.type === 'message-end') finish = event.delta.finishReason;
      }
      assert.equal(finish, 'TOOL_CALL');
      assert.equal(calls[0].function.name, 'weather');
      assert.ok(calls[0].id.length > 0);
      for (const call of calls) jsonShape(call.arguments, { city: 'string' });
    },
    async 'structured output fits its schema'() {
      const answer = await client.chat({
        model, messages: messages('a city as json'), responseFormat: { type: 'json_object', jsonSchema: city },
      });
      jsonShape(said(answer.message), { city: 'string' });
    },
    async 'an image is taken'() {
      const answer = await client.chat({
        model,
        messages: [{
          role: 'user',
          content: [
            { type: 'text', text: 'what is this' },
            { type: 'image_url', imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        }],
      });
      assert.ok(said(answer.message).length > 0);
    },
    async 'max tokens end the answer'() {
      const answer = await client.chat({ model, messages: messages('a b c d e f g h i j k l m'), maxTokens: 3 });
      assert.equal(answer.finishReason, 'MAX_TOKENS');
    },
    async 'a wrong key is an UnauthorizedError'() {
      await refused(connect(env, 'sk-wrong').chat({ model, messages: messages('x') }), Cohere.UnauthorizedError, 401);
    },
    async 'an upstream that limits is a TooManyRequestsError'() {
      await refused(client.chat({ model: 'm-429', messages: messages('x') }), Cohere.TooManyRequestsError, 429);
    },
    async 'a stream can be left'() {
      const abort = new AbortController();
      const stream = await client.chatStream({ model: 'm-slow', messages: messages('a long tale') }, { abortSignal: abort.signal });
      for await (const event of stream) if (event.type === 'content-delta') break;
      abort.abort();
    },
  };
}

export function embeddings(env) {
  const client = connect(env);
  const texts = ['alpha beta', 'Grüße', '世界'];
  return {
    async 'vectors in both encodings, with the texts and what is billed'() {
      const answer = await client.embed({
        model, texts, inputType: 'search_document', embeddingTypes: ['float', 'base64'], outputDimension: 256,
      });
      assert.equal(answer.responseType ?? 'embeddings_by_type', 'embeddings_by_type');
      assert.deepEqual(answer.texts, texts);
      assert.equal(answer.embeddings.float.length, texts.length);
      answer.embeddings.float.forEach((vector, i) => alike(texts[i], vector, 256));
      answer.embeddings.base64.forEach((vector, i) => alike(texts[i], decoded(vector), 256));
      assert.equal(answer.meta.billedUnits.inputTokens > 0, env.upstream !== 'gemini');
    },
    async 'a query alone'() {
      const answer = await client.embed({ model, texts: ['alpha beta'], inputType: 'search_query', embeddingTypes: ['float'], outputDimension: 256 });
      alike('alpha beta', answer.embeddings.float[0], 256);
    },
    async 'an upstream that limits is a TooManyRequestsError'() {
      await refused(
        client.embed({ model: 'm-429', texts: ['x'], inputType: 'search_query', embeddingTypes: ['float'] }),
        Cohere.TooManyRequestsError, 429,
      );
    },
  };
}

export function rerank(env) {
  const client = connect(env);
  return {
    async 'documents come best first'() {
      const answer = await client.rerank({ model, query: 'red fox', documents: ['a green frog', 'a red fox', 'a red car'], topN: 2 });
      assert.equal(answer.results.length, 2);
      assert.equal(answer.results[0].index, 1);
      assert.ok(answer.results[0].relevanceScore > answer.results[1].relevanceScore);
    },
    async 'a wrong key is an UnauthorizedError'() {
      await refused(connect(env, 'sk-wrong').rerank({ model, query: 'x', documents: ['y'] }), Cohere.UnauthorizedError, 401);
    },
  };
}
