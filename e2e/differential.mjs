// An independent simulator, @copilotkit/aimock, as the upstream: what it answers in its own protocol must come through the
// gateway in every client protocol, with the usage that it told.
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import { GoogleGenAI } from '@google/genai';
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const answer = 'The sluice opens at dawn, 7 °C.';
const usage = { prompt_tokens: 21, completion_tokens: 9, total_tokens: 30, input_tokens: 21, output_tokens: 9 };

/** @param setup {port} where the gateway expects the mock, {upstreams} base paths of the Model APIs in front of it */
export function tests(env, setup) {
  let mock;
  const all = {
    async 'the independent simulator starts'() {
      mock = new LLMock({ port: setup.port, host: '127.0.0.1' });
      mock.onMessage('When does the sluice open?', { content: answer, usage });
      mock.onMessage('Call the tool', { toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' }] });
      await mock.start();
    },
  };
  for (const upstream of setup.upstreams) {
    const base = `${env.url}/${upstream}`;
    const openai = new OpenAI({ baseURL: `${base}/v1`, apiKey: env.key, maxRetries: 0 });
    const anthropic = new Anthropic({ baseURL: base, apiKey: env.key, maxRetries: 0 });
    const gemini = new GoogleGenAI({ apiKey: env.key, httpOptions: { baseUrl: base } });
    const question = 'When does the sluice open?';
    const messages = [{ role: 'user', content: question }];
    all[`OpenAI client over ${upstream}`] = async () => {
      const whole = await openai.chat.completions.create({ model: 'gpt-4o', messages });
      assert.equal(whole.choices[0].message.content, answer);
      let text = '';
      for await (const chunk of await openai.chat.completions.create({ model: 'gpt-4o', messages, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? '';
      }
      assert.equal(text, answer);
    };
    all[`Anthropic client over ${upstream}`] = async () => {
      const whole = await anthropic.messages.create({ model: 'gpt-4o', max_tokens: 100, messages });
      assert.equal(whole.content[0].text, answer);
      const streamed = await anthropic.messages.stream({ model: 'gpt-4o', max_tokens: 100, messages }).finalMessage();
      assert.equal(streamed.content[0].text, answer);
    };
    all[`Gemini client over ${upstream}`] = async () => {
      const whole = await gemini.models.generateContent({ model: 'gpt-4o', contents: question });
      assert.equal(whole.text, answer);
      let text = '';
      for await (const chunk of await gemini.models.generateContentStream({ model: 'gpt-4o', contents: question })) text += chunk.text ?? '';
      assert.equal(text, answer);
    };
    all[`tool calls over ${upstream}`] = async () => {
      const whole = await openai.chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'Call the tool' }],
        tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } }],
      });
      const [call] = whole.choices[0].message.tool_calls;
      assert.equal(call.function.name, 'weather');
      assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Bern' });
    };
    all[`usage over ${upstream}`] = async () => {
      const whole = await openai.chat.completions.create({ model: 'gpt-4o', messages });
      assert.equal(whole.usage.prompt_tokens, usage.prompt_tokens);
      assert.equal(whole.usage.completion_tokens, usage.completion_tokens);
    };
  }
  all['the independent simulator stops'] = async () => mock.stop();
  return all;
}
