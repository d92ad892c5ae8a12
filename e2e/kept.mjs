// The `openai` package: files, batches, stored responses and videos over two deployments of one Model API, and two replicas of the gateway;
// `@anthropic-ai/sdk`: files and batches.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';

const ROUNDS = 4;

export function tests(env) {
  const at = (url, base) => new OpenAI({ baseURL: `${url}${base}/v1`, apiKey: env.key, maxRetries: 0 });
  const spread = at(env.url, '/kept');
  const replica = at(env.replica, '/kept');
  const claude = (url) => new Anthropic({ baseURL: `${url}/claude`, apiKey: env.key, maxRetries: 0 });
  const rounds = async (made, test) => {
    for (let i = 0; i < ROUNDS; i++) await test(await made(i), i % 2 === 0 ? spread : replica, i);
  };
  const upload = async (i) =>
    spread.files.create({ file: await toFile(Buffer.from(`{"custom_id":"${i}"}\n`), `${i}.jsonl`), purpose: 'batch' });
  return {
    async 'files are found, read and deleted where they are'() {
      await rounds(upload, async (file, client) => {
        assert.match(file.id, /^file-slc1/);
        assert.equal((await client.files.retrieve(file.id)).id, file.id);
        assert.match(await (await client.files.content(file.id)).text(), /^content of file-/);
        assert.equal((await client.files.delete(file.id)).id, file.id);
        await assert.rejects(client.files.retrieve(file.id), OpenAI.NotFoundError);
      });
    },
    async 'lists can be walked'() {
      for (let i = 0; i < ROUNDS; i++) await upload(`walk ${i}`);
      let files = 0;
      for await (const file of at(env.replica, '/kept-1').files.list({ limit: 1 })) {
        assert.match(file.id, /^file-slc1/);
        files++;
      }
      for await (const _ of at(env.url, '/kept-2').files.list({ limit: 1 })) files++;
      assert.ok(files >= ROUNDS, `${files} files`);
    },
    async 'a batch runs where its file is'() {
      await rounds(upload, async (file, client, i) => {
        const batch = await client.batches.create({
          input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { round: `${i}` },
        });
        assert.equal(batch.input_file_id, file.id);
        await spread.batches.retrieve(batch.id);
        const done = await replica.batches.retrieve(batch.id);
        assert.equal(done.status, 'completed');
        assert.match(await (await client.files.content(done.output_file_id)).text(), /^content of file-/);
        assert.equal((await client.batches.cancel(batch.id)).status, 'cancelling');
      });
    },
    async 'a response is read, continued, cancelled and deleted where it is'() {
      await rounds((i) => spread.responses.create({ model: 'm-1', input: `remember ${i}` }), async (response, client, i) => {
        assert.match(response.id, /^resp_slc1/);
        assert.equal((await client.responses.retrieve(response.id)).id, response.id);
        const next = await client.responses.create({ model: 'm-1', input: `go on ${i}`, previous_response_id: response.id });
        assert.equal(next.previous_response_id, response.id);
        assert.ok(Array.isArray((await client.responses.inputItems.list(response.id)).data));
        assert.equal((await client.responses.cancel(response.id)).status, 'cancelled');
        await client.responses.delete(response.id);
        await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError);
      });
    },
    async 'a streamed response can be read later'() {
      await rounds(async (i) => {
        let id;
        for await (const event of await spread.responses.create({ model: 'm-1', input: `stream ${i}`, stream: true })) {
          if (event.response) {
            id ??= event.response.id;
            assert.equal(event.response.id, id);
          }
        }
        return id;
      }, async (id, client) => assert.equal((await client.responses.retrieve(id)).id, id));
    },
    async 'a video is watched and downloaded where it is made'() {
      await rounds((i) => spread.videos.create({ model: 'sora-2', prompt: `a ${i}`, seconds: '8' }), async (made, client) => {
        let video = made;
        for (let polls = 0; video.status !== 'completed' && polls < 5; polls++) video = await client.videos.retrieve(made.id);
        assert.equal(video.progress, 100);
        assert.match(await (await client.videos.downloadContent(made.id)).text(), /^content of video_/);
        const remix = await client.videos.remix(made.id, { prompt: 'again' });
        assert.equal(remix.remixed_from_video_id, made.id);
        assert.equal((await client.videos.delete(made.id)).id, made.id);
      });
    },
    async 'a file of Anthropic is found, read and deleted where it is'() {
      await rounds(async (i) => claude(env.url).beta.files.upload({ file: await toFile(Buffer.from(`text ${i}`), `${i}.txt`) }),
        async (file, _, i) => {
          const client = claude(i % 2 === 0 ? env.url : env.replica);
          assert.match(file.id, /^file_slc1/);
          assert.equal((await client.beta.files.retrieveMetadata(file.id)).id, file.id);
          assert.match(await (await client.beta.files.download(file.id)).text(), /^content of file_/);
          assert.equal((await client.beta.files.delete(file.id)).id, file.id);
          await assert.rejects(client.beta.files.retrieveMetadata(file.id), Anthropic.NotFoundError);
        });
    },
    async 'the results of a batch of Anthropic are read where it ran'() {
      await rounds((i) => claude(env.url).messages.batches.create({
        requests: [{ custom_id: `round-${i}`, params: { model: 'claude-a', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] } }],
      }), async (batch, _, i) => {
        assert.match(batch.id, /^msgbatch_slc1/);
        const lines = [];
        for await (const line of await claude(i % 2 === 0 ? env.url : env.replica).messages.batches.results(batch.id)) lines.push(line);
        assert.deepEqual(lines.map((line) => line.custom_id), [`round-${i}`]);
        assert.equal(lines[0].result.message.model, 'claude-a');
      });
    },
    async 'ids of two deployments in one call are refused'() {
      const one = await at(env.url, '/kept-1').responses.create({ model: 'm-1', input: 'one' });
      const file = await at(env.url, '/kept-2').files.create({ file: await toFile(Buffer.from('x'), 'x.txt'), purpose: 'user_data' });
      await assert.rejects(
        spread.responses.create({
          model: 'm-1',
          previous_response_id: one.id,
          input: [{ role: 'user', content: [{ type: 'input_file', file_id: file.id }] }],
        }),
        (e) => e instanceof OpenAI.BadRequestError && e.message.includes('kept-1') && e.message.includes('kept-2'),
      );
    },
  };
}
