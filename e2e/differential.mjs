// An independent simulator, @copilotkit/aimock, as the upstream: what it answers in its own protocol must come through the
// gateway in every client protocol, whole and streamed: the same texts, calls, reasons of the end and usage.
// It tells usage in all four protocols, but only input and output: no cached tokens and no tokens of thoughts.
import Anthropic from '@anthropic-ai/sdk';
import { LLMock } from '@copilotkit/aimock';
import { GoogleGenAI } from '@google/genai';
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const calls = [
  { id: 'call_1', name: 'weather', arguments: '{"city":"Bern"}' },
  { id: 'call_2', name: 'weather', arguments: '{"city":"Zürich","days":[1,2]}' },
];

/** What is asked, and what the simulator answers in its own terms. */
const cases = {
  'a text': { ask: 'When does the sluice open?', content: 'The sluice opens at dawn, 7 °C.' },
  'a text that is cut': { ask: 'Tell a long story', content: 'Once upon a time there was a', finishReason: 'length' },
  'a call': { ask: 'Call the tool', toolCalls: [calls[0]] },
  'several calls': { ask: 'Call the tool twice', toolCalls: calls },
  'words and a call': { ask: 'Say it and call', content: 'I look. ', toolCalls: [calls[1]] },
};

function usageOf(number) {
  return { prompt_tokens: 21 + number, completion_tokens: 9 + number, total_tokens: 30 + 2 * number };
}

async function gathered(stream) {
  const all = [];
  for await (const one of stream) all.push(one);
  return all;
}

/** What a client must be told. */
function expected({ content = '', toolCalls = [], finishReason = toolCalls.length ? 'tool_calls' : 'stop' }, usage) {
  return {
    text: content,
    calls: toolCalls.map((call) => ({ name: call.name, arguments: JSON.parse(call.arguments) })),
    end: finishReason,
    usage: { input: usage.prompt_tokens, output: usage.completion_tokens },
  };
}

const model = 'gpt-4o';
const schema = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'array', items: { type: 'integer' } } } };

/** By client: how a question is asked, and what the client understood of the answer. */
const clients = {
  OpenAI(base, apiKey) {
    const sdk = new OpenAI({ baseURL: `${base}/v1`, apiKey, maxRetries: 0 });
    const tools = [{ type: 'function', function: { name: 'weather', parameters: schema } }];
    const body = (ask) => ({ model, messages: [{ role: 'user', content: ask }], tools });
    const understood = ({ choices: [{ message, finish_reason }], usage }) => ({
      text: message.content ?? '',
      calls: (message.tool_calls ?? []).map(({ function: call }) => ({ name: call.name, arguments: JSON.parse(call.arguments) })),
      end: finish_reason,
      usage: { input: usage.prompt_tokens, output: usage.completion_tokens },
    });
    return {
      whole: async (ask) => understood(await sdk.chat.completions.create(body(ask))),
      streamed: async (ask) => {
        const stream = sdk.chat.completions.stream({ ...body(ask), stream_options: { include_usage: true } });
        return understood(await stream.finalChatCompletion());
      },
    };
  },
  Anthropic(base, apiKey) {
    const sdk = new Anthropic({ baseURL: base, apiKey, maxRetries: 0 });
    const tools = [{ name: 'weather', input_schema: schema }];
    const ends = { end_turn: 'stop', tool_use: 'tool_calls', max_tokens: 'length' };
    const body = (ask) => ({ model, max_tokens: 100, messages: [{ role: 'user', content: ask }], tools });
    const understood = ({ content, stop_reason, usage }) => ({
      text: content.map((block) => block.text ?? '').join(''),
      calls: content.filter(({ type }) => type === 'tool_use').map((block) => ({ name: block.name, arguments: block.input })),
      end: ends[stop_reason],
      usage: { input: usage.input_tokens, output: usage.output_tokens },
    });
    return {
      whole: async (ask) => understood(await sdk.messages.create(body(ask))),
      streamed: async (ask) => understood(await sdk.messages.stream(body(ask)).finalMessage()),
    };
  },
  Gemini(base, apiKey) {
    const sdk = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: base } });
    const tools = [{ functionDeclarations: [{ name: 'weather', parametersJsonSchema: schema }] }];
    const body = (ask) => ({ model, contents: ask, config: { tools } });
    const understood = (answers) => {
      const parts = answers.flatMap((answer) => answer.candidates?.[0]?.content?.parts ?? []);
      const { candidates, usageMetadata: usage } = answers.at(-1);
      const called = parts.filter((part) => part.functionCall).map(({ functionCall: call }) => ({ name: call.name, arguments: call.args }));
      // Google has no reason of its own for an answer that ends with calls; the simulator has one, which passes as it is.
      const ends = { STOP: called.length ? 'tool_calls' : 'stop', MAX_TOKENS: 'length', FUNCTION_CALL: 'tool_calls' };
      return {
        text: parts.map((part) => part.text ?? '').join(''),
        calls: called,
        end: ends[candidates[0].finishReason] ?? candidates[0].finishReason,
        usage: { input: usage.promptTokenCount, output: usage.candidatesTokenCount },
      };
    };
    return {
      whole: async (ask) => understood([await sdk.models.generateContent(body(ask))]),
      streamed: async (ask) => understood(await gathered(await sdk.models.generateContentStream(body(ask)))),
    };
  },
};

/** @param setup {port} where the gateway expects the mock, {upstreams} base paths of the Model APIs in front of it */
export function tests(env, setup) {
  let mock;
  const all = {
    async 'the independent simulator starts'() {
      mock = new LLMock({ port: setup.port, host: '127.0.0.1' });
      Object.values(cases).forEach(({ ask, ...answer }, number) => mock.onMessage(new RegExp(`^${ask.replace('?', '\\?')}$`), { ...answer, usage: usageOf(number) }));
      await mock.start();
    },
  };
  for (const upstream of setup.upstreams) {
    for (const [client, of] of Object.entries(clients)) {
      const ways = of(`${env.url}/${upstream}`, env.key);
      Object.entries(cases).forEach(([name, it], number) => {
        for (const [way, ask] of Object.entries(ways)) {
          all[`${client} client over ${upstream}: ${name}, ${way}`] = async () =>
            assert.deepEqual(await ask(it.ask), expected(it, usageOf(number)));
        }
      });
    }
  }
  all['the independent simulator stops'] = async () => mock.stop();
  return all;
}
