// The `openai`, `@google/genai` and `ai` packages: embeddings.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { GoogleGenAI } from '@google/genai';
import { cosineSimilarity, embed, embedMany } from 'ai';
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { alike, decoded } from './shared.mjs';

const model = 'm-1';
const texts = ['alpha beta', 'Grüße', '世界'];
const dimensions = 256;

export function tests(env) {
  const openai = new OpenAI({ baseURL: `${env.base}/v1`, apiKey: env.key, maxRetries: 0 });
  const google = new GoogleGenAI({ apiKey: env.key, httpOptions: { baseUrl: env.base, retryOptions: { attempts: 1 } } }).models;
  const vercel = {
    'openai-compatible': createOpenAICompatible({ name: 'sluice', baseURL: `${env.base}/v1`, apiKey: env.key }),
    'ai-sdk openai': createOpenAI({ baseURL: `${env.base}/v1`, apiKey: env.key }),
  };
  const all = {
    async 'openai: vectors in the order of the texts, as the SDK asks for them'() {
      const answer = await openai.embeddings.create({ model, input: texts, dimensions });
      assert.equal(answer.object, 'list');
      assert.deepEqual(answer.data.map((one) => one.index), [0, 1, 2]);
      answer.data.forEach((one, i) => alike(texts[i], one.embedding, dimensions));
      // Gemini tells no tokens.
      if (env.upstream === 'gemini') assert.equal(answer.usage.prompt_tokens, 0);
      else assert.ok(answer.usage.prompt_tokens > 0);
      assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens);
    },
    async 'openai: numbers and Base64 are the same vector'() {
      const numbers = await openai.embeddings.create({ model, input: texts[0], dimensions, encoding_format: 'float' });
      const base64 = await openai.embeddings.create({ model, input: texts[0], dimensions, encoding_format: 'base64' });
      alike(texts[0], numbers.data[0].embedding, dimensions);
      alike(texts[0], decoded(base64.data[0].embedding), dimensions);
    },
    async 'openai: the length of vectors is the own one of the model when nothing is asked for'() {
      const answer = await openai.embeddings.create({ model, input: texts[0] });
      assert.ok(answer.data[0].embedding.length > dimensions);
    },
    async 'openai: a wrong key is an AuthenticationError'() {
      const wrong = new OpenAI({ baseURL: `${env.base}/v1`, apiKey: 'sk-wrong', maxRetries: 0 });
      await assert.rejects(wrong.embeddings.create({ model, input: 'x' }), OpenAI.AuthenticationError);
    },
    async 'openai: an upstream that limits is a RateLimitError'() {
      await assert.rejects(openai.embeddings.create({ model: 'm-429', input: 'x' }), OpenAI.RateLimitError);
    },
    async 'genai: one content'() {
      const answer = await google.embedContent({ model, contents: texts[0], config: { outputDimensionality: dimensions } });
      assert.equal(answer.embeddings.length, 1);
      alike(texts[0], answer.embeddings[0].values, dimensions);
    },
    async 'genai: several contents with a purpose'() {
      const answer = await google.embedContent({
        model, contents: texts, config: { outputDimensionality: dimensions, taskType: 'RETRIEVAL_DOCUMENT' },
      });
      assert.equal(answer.embeddings.length, texts.length);
      answer.embeddings.forEach((one, i) => alike(texts[i], one.values, dimensions));
    },
    async 'genai: an upstream that limits is a 429 in the form of the protocol'() {
      await assert.rejects(google.embedContent({ model: 'm-429', contents: 'x' }), (e) => {
        assert.equal(e.status, 429);
        assert.match(e.message, /RESOURCE_EXHAUSTED/);
        return true;
      });
    },
  };
  for (const [name, provider] of Object.entries(vercel)) {
    const embedder = provider.embeddingModel(model);
    all[`${name}: embed`] = async () => {
      const { embedding, usage } = await embed({ model: embedder, value: texts[0], maxRetries: 0 });
      assert.ok(embedding.length > dimensions);
      assert.equal(usage.tokens > 0, env.upstream !== 'gemini');
    };
    all[`${name}: embedMany`] = async () => {
      const { embeddings } = await embedMany({ model: embedder, values: ['red fox', 'red car', 'green frog'], maxRetries: 0 });
      assert.equal(embeddings.length, 3);
      // Texts with common words are close in the simulator.
      assert.ok(cosineSimilarity(embeddings[0], embeddings[1]) > cosineSimilarity(embeddings[0], embeddings[2]) + 0.2);
    };
  }
  return all;
}
