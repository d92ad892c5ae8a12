// Runs the official Node SDKs against a running gateway and prints one line of JSON per test:
//   {"name": "...", "ok": true} or {"name": "...", "ok": false, "message": "..."}
//
// SLUICE_URL        the gateway, e.g. http://127.0.0.1:8080
// SLUICE_KEY        an API key of the gateway
// SLUICE_UPSTREAMS  base paths of Model APIs, each in front of another upstream protocol, e.g. openai,anthropic,gemini
// SLUICE_EMBEDDERS, SLUICE_RANKERS, SLUICE_PAINTERS
//                   the same for embeddings, rerank and pictures; a painter names its model, e.g. dashscope:wan
// SLUICE_REPLICA    another gateway with the same settings and secret, for the suite of what providers keep (kept.mjs)
// SLUICE_ADMIN_URL, SLUICE_ADMIN_TOKEN  the admin API, for the suite that compares usage (differential.mjs)
import * as anthropic from './anthropic.mjs';
import * as cohere from './cohere.mjs';
import * as differential from './differential.mjs';
import * as embeddings from './embeddings.mjs';
import * as gemini from './gemini.mjs';
import * as hunyuan from './hunyuan.mjs';
import * as images from './images.mjs';
import * as kept from './kept.mjs';
import * as openai from './openai.mjs';
import { within } from './shared.mjs';
import * as vercel from './vercel.mjs';

/** The suites by the variable that names the Model APIs they run over. */
const plan = {
  SLUICE_UPSTREAMS: { openai, anthropic, gemini, vercel, cohere: { tests: cohere.chat }, hunyuan },
  SLUICE_EMBEDDERS: { embeddings, cohere: { tests: cohere.embeddings } },
  SLUICE_RANKERS: { cohere: { tests: cohere.rerank } },
  SLUICE_PAINTERS: { images },
};
const env = {
  url: process.env.SLUICE_URL,
  key: process.env.SLUICE_KEY,
  replica: process.env.SLUICE_REPLICA,
  adminUrl: process.env.SLUICE_ADMIN_URL,
  adminToken: process.env.SLUICE_ADMIN_TOKEN,
};
const deadlineMillis = 30_000;

async function run(name, test) {
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end within ${deadlineMillis} ms`)), deadlineMillis);
    });
    await Promise.race([test(), late]);
    console.log(JSON.stringify({ name, ok: true }));
  } catch (e) {
    console.log(JSON.stringify({ name, ok: false, message: String(e?.stack ?? e) }));
  } finally {
    clearTimeout(timer);
  }
}

for (const [variable, suites] of Object.entries(plan)) {
  for (const entry of (process.env[variable] ?? '').split(',').filter(Boolean)) {
    const [upstream, model] = entry.split(':');
    for (const [sdk, suite] of Object.entries(suites)) {
      for (const [name, test] of within(upstream, suite.tests({ ...env, base: `${env.url}/${upstream}`, upstream, model }))) {
        await run(`${sdk} over ${entry}: ${name}`, test);
      }
    }
  }
}
if (env.replica) {
  for (const [name, test] of Object.entries(kept.tests(env))) await run(`kept: ${name}`, test);
}
if (process.env.SLUICE_DIFFERENTIAL) {
  for (const [name, test] of Object.entries(differential.tests(env, JSON.parse(process.env.SLUICE_DIFFERENTIAL)))) {
    await run(`differential: ${name}`, test);
  }
}
process.exit(0);
