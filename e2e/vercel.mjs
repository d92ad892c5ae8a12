// The `ai` package over its OpenAI-compatible and Anthropic providers.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import assert from 'node:assert/strict';
import { z } from 'zod';
import { contains } from './shared.mjs';

export function tests(env) {
  const compatible = createOpenAICompatible({
    name: 'sluice', baseURL: `${env.base}/v1`, apiKey: env.key, includeUsage: true, supportsStructuredOutputs: true,
  });
  const openai = createOpenAI({ baseURL: `${env.base}/v1`, apiKey: env.key });
  const anthropic = createAnthropic({ baseURL: `${env.base}/v1`, apiKey: env.key });
  const models = { 'openai-compatible': compatible('m-1'), responses: openai.responses('m-1'), anthropic: anthropic('m-1') };
  const tools = {
    weather: tool({
      description: 'The weather of a city',
      inputSchema: z.object({ city: z.string() }),
      execute: async () => 'sunny',
    }),
  };
  const all = {};
  for (const [name, model] of Object.entries(models)) {
    all[`${name}: text`] = async () => {
      const { text, usage, finishReason } = await generateText({ model, prompt: 'alpha beta gamma', maxRetries: 0 });
      contains(text, 'alpha beta gamma');
      assert.equal(finishReason, 'stop');
      assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
    };
    all[`${name}: stream`] = async () => {
      const errors = [];
      const result = streamText({ model, prompt: 'one two three', maxRetries: 0, onError: (e) => errors.push(e.error) });
      let text = '';
      for await (const part of result.textStream) text += part;
      assert.deepEqual(errors, []);
      contains(text, 'one two three');
      assert.ok((await result.usage).outputTokens > 0);
    };
    all[`${name}: tools`] = async () => {
      const { toolCalls } = await generateText({ model, prompt: 'weather?', tools, maxRetries: 0 });
      assert.equal(toolCalls[0].toolName, 'weather');
      assert.equal(typeof toolCalls[0].input.city, 'string');
    };
    all[`${name}: streamed tools, and their results are taken`] = async () => {
      const errors = [];
      const result = streamText({
        model, prompt: 'weather?', tools, stopWhen: stepCountIs(2), maxRetries: 0, onError: (e) => errors.push(e.error),
      });
      const calls = [];
      for await (const part of result.fullStream) if (part.type === 'tool-call') calls.push(part);
      assert.deepEqual(errors, []);
      assert.equal(calls[0].toolName, 'weather');
      assert.equal(typeof calls[0].input.city, 'string');
      assert.equal((await result.steps).length, 2);
      contains(await result.text, 'sunny');
      assert.equal(await result.finishReason, 'stop');
    };
  }
  all['openai-compatible: object'] = async () => {
    const { object } = await generateObject({
      model: models['openai-compatible'], schema: z.object({ city: z.string() }), prompt: 'a city', maxRetries: 0,
    });
    assert.equal(typeof object.city, 'string');
  };
  return all;
}
