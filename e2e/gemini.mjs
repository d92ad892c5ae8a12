// The `@google/genai` package: generateContent, its stream, token counts.
import { ApiError, GoogleGenAI, Type } from '@google/genai';
import assert from 'node:assert/strict';
import { contains, jsonShape } from './shared.mjs';

const model = 'm-1';
const weather = {
  functionDeclarations: [{
    name: 'weather',
    description: 'The weather of a city',
    parameters: { type: Type.OBJECT, properties: { city: { type: Type.STRING } }, required: ['city'] },
  }],
};

export function tests(env) {
  const client = (apiKey) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: env.base, retryOptions: { attempts: 1 } } });
  const models = client(env.key).models;
  const config = { systemInstruction: 'Be brief.' };
  return {
    async 'a whole answer with usage'() {
      const answer = await models.generateContent({ model, contents: 'alpha beta gamma', config });
      contains(answer.text, 'alpha beta gamma');
      assert.equal(answer.candidates[0].finishReason, 'STOP');
      assert.ok(answer.usageMetadata.promptTokenCount > 0 && answer.usageMetadata.candidatesTokenCount > 0);
    },
    async 'a streamed answer says the same as a whole one'() {
      const whole = await models.generateContent({ model, contents: 'one two three', config });
      let text = '';
      let finish;
      let usage;
      for await (const chunk of await models.generateContentStream({ model, contents: 'one two three', config })) {
        text += chunk.text ?? '';
        finish = chunk.candidates?.[0]?.finishReason ?? finish;
        usage = chunk.usageMetadata ?? usage;
      }
      assert.equal(text, whole.text);
      assert.equal(finish, 'STOP');
      assert.equal(usage.candidatesTokenCount, whole.usageMetadata.candidatesTokenCount);
    },
    async 'tools are called, and their results are taken'() {
      const first = await models.generateContent({ model, contents: 'weather?', config: { tools: [weather] } });
      jsonShape(first.functionCalls[0].args, { city: 'string' });
      const second = await models.generateContent({
        model,
        config: { tools: [weather] },
        contents: [
          { role: 'user', parts: [{ text: 'weather?' }] },
          first.candidates[0].content,
          {
            role: 'user',
            parts: first.functionCalls.map((c) => ({
              functionResponse: { id: c.id, name: c.name, response: { output: 'sunny' } },
            })),
          },
        ],
      });
      assert.ok(second.text.length > 0);
    },
    async 'streamed tool calls are whole'() {
      const calls = [];
      for await (const chunk of await models.generateContentStream({ model, contents: 'weather?', config: { tools: [weather] } })) {
        calls.push(...(chunk.functionCalls ?? []));
      }
      assert.ok(calls.length > 0);
      jsonShape(calls[0].args, { city: 'string' });
    },
    async 'structured output fits its schema'() {
      const answer = await models.generateContent({
        model,
        contents: 'a city as json',
        config: {
          responseMimeType: 'application/json',
          responseJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      });
      jsonShape(answer.text, { city: 'string' });
    },
    async 'an image is taken'() {
      const answer = await models.generateContent({
        model,
        contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }, { text: 'what is this' }] }],
      });
      assert.ok(answer.text.length > 0);
    },
    async 'tokens are counted'() {
      const count = await models.countTokens({ model, contents: 'count these words please' });
      assert.ok(count.totalTokens > 0);
    },
    async 'max tokens end the answer'() {
      const answer = await models.generateContent({ model, contents: 'a b c d e f g h i j k l m', config: { maxOutputTokens: 3 } });
      assert.equal(answer.candidates[0].finishReason, 'MAX_TOKENS');
    },
    async 'a wrong key is a 401 in the form of the protocol'() {
      await assert.rejects(client('wrong').models.generateContent({ model, contents: 'x' }), (e) => {
        assert.ok(e instanceof ApiError);
        assert.equal(e.status, 401);
        contains(e.message, 'UNAUTHENTICATED');
        return true;
      });
    },
    async 'an upstream that limits is a 429 in the form of the protocol'() {
      await assert.rejects(models.generateContent({ model: 'm-429', contents: 'x' }), (e) => {
        assert.equal(e.status, 429);
        contains(e.message, 'RESOURCE_EXHAUSTED');
        return true;
      });
    },
  };
}
