// A real PDS and, in memory, the directory it needs. Prints one line of JSON when ready.
//   node serve.cjs FOLDER NAME[,NAME...]
// Only the loopback is spoken to: the app view it names is not there.
const { createECDH, randomBytes } = require("node:crypto");
const { createServer } = require("node:net");
const { mkdirSync } = require("node:fs");
const { join } = require("node:path");

process.env.LOG_ENABLED ??= "false";
const { PlcServer, Database } = require("@did-plc/server");
const { PDS, envToCfg, envToSecrets } = require("@atproto/pds");

const PASSWORD = "a-password-of-the-tests";
const NOBODY = "http://localhost:9";

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function signingKey() {
  const pair = createECDH("secp256k1");
  pair.generateKeys();
  return pair.getPrivateKey("hex").padStart(64, "0");
}

function settings(folder, port, directory) {
  return {
    devMode: true,
    port,
    hostname: "localhost",
    dataDirectory: folder,
    blobstoreDiskLocation: join(folder, "blobs"),
    didPlcUrl: directory,
    serviceHandleDomains: [".test"],
    inviteRequired: false,
    rateLimitsEnabled: process.env.PDS_RATE_LIMITS === "1",
    disableSsrfProtection: true,
    crawlers: [],
    bskyAppViewUrl: NOBODY,
    bskyAppViewDid: "did:web:localhost%3A9",
    bskyAppViewCdnUrlPattern: `${NOBODY}/img/%s/%s/%s`,
    modServiceUrl: NOBODY,
    modServiceDid: "did:web:localhost%3A9",
    adminPassword: randomBytes(12).toString("hex"),
    jwtSecret: randomBytes(16).toString("hex"),
    dpopSecret: randomBytes(32).toString("hex"),
    plcRotationKeyK256PrivateKeyHex: signingKey(),
  };
}

async function account(address, name) {
  const answer = await fetch(`${address}/xrpc/com.atproto.server.createAccount`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      email: `${name}@example.test`,
      handle: `${name}.test`,
      password: PASSWORD,
    }),
  });
  const made = await answer.json();
  if (!answer.ok) throw new Error(`createAccount: ${JSON.stringify(made)}`);
  return { handle: made.handle, did: made.did, password: PASSWORD };
}

async function main(folder, names) {
  mkdirSync(join(folder, "blobs"), { recursive: true });
  const directoryPort = await freePort();
  const plc = PlcServer.create({ db: Database.mock(), port: directoryPort });
  await plc.start();
  const port = await freePort();
  const directory = `http://localhost:${directoryPort}`;
  const env = settings(folder, port, directory);
  const pds = await PDS.create(envToCfg(env), envToSecrets(env));
  await pds.start();
  const address = `http://localhost:${port}`;
  const accounts = [];
  for (const name of names) accounts.push(await account(address, name));
  console.log(JSON.stringify({ address, accounts }));
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
  process.stdin.on("end", () => process.exit(0)).resume(); // who started us has gone
}

main(process.argv[2], process.argv[3].split(","));
