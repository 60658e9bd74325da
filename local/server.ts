// Puts the laptop's Keyhold together: address, table engine, stand-ins, environment, functions, schedule, stream, gateway,
// in the order in which each needs the one before.
import type { StandIn } from './aws/aws-json-server.ts';
import { startEventBridge } from './aws/eventbridge-stand-in.ts';
import { startKms } from './aws/kms-stand-in.ts';
import { startSecretsManager } from './aws/secrets-manager-stand-in.ts';
import { startDemoProvider } from './demo/demo-provider.ts';
import { makeGateway } from './gateway/gateway.ts';
import { type Front, openFront } from './gateway/http-front.ts';
import { answerLocally, isLocalPath, type LocalParts } from './gateway/local-routes.ts';
import { type Home, openHome } from './home.ts';
import { openTokenIssuer, type TokenIssuer } from './identity/token-issuer.ts';
import { enterEnvironment, makeEnvironment, type Parts, TABLE_NAME } from './lambda/function-environment.ts';
import { type Application, loadFunction, loadRoutedFunctions } from './lambda/functions.ts';
import { startSchedule } from './lambda/schedule.ts';
import type { Settings } from './settings.ts';
import { type Engine, startEngine } from './table/engine.ts';
import { ensureTable } from './table/ensure-table.ts';
import { startStreamReader } from './table/stream-reader.ts';

export interface LocalServer {
  url: string;
  folder: string;
  tokens: TokenIssuer;
  /** Resolves when the table engine ended by itself; never when it is somebody else's. */
  engineDied: Promise<void>;
  stop(): Promise<void>;
}

const CALLBACK_PATH = '/v1/oauth/callback';

/** The addresses the demo provider may send browsers to: ours, and those the application was allowed. */
const redirectUris = (url: string): string[] => {
  const own = `${(process.env.PUBLIC_BASE_URL || url).replace(/\/$/, '')}${CALLBACK_PATH}`;
  const allowed = (process.env.ALLOWED_CALLBACK_URLS ?? '').split(',').map((entry) => entry.trim());
  return [own, ...allowed.filter((entry) => URL.canParse(entry))];
};

const startSecrets = async (home: Home, url: string): Promise<StandIn> => {
  const demo = await startDemoProvider({ folder: home.folder, redirectUris: redirectUris(url) });
  return startSecretsManager(home.secretsFolder, { 'oauth-clients': { demo: demo.entry } });
};

const startStandIns = async (home: Home, { endpoints }: Settings, url: string) => {
  const kms = endpoints.kms === undefined ? await startKms(home.folder) : undefined;
  const secretsManager = endpoints.secretsManager === undefined ? await startSecrets(home, url) : undefined;
  const bus = endpoints.eventBridge === undefined ? await startEventBridge() : undefined;
  return {
    keyArn: kms?.keyArn,
    kms: kms?.endpoint ?? endpoints.kms ?? '',
    secretsManager: secretsManager?.endpoint ?? endpoints.secretsManager ?? '',
    eventBridge: bus?.endpoint ?? endpoints.eventBridge ?? '',
    events: bus?.events ?? (() => []),
  };
};

const startBackend = async (home: Home, settings: Settings, url: string) => {
  const engine = settings.endpoints.dynamodb === undefined ? await startEngine(home) : undefined;
  const dynamodb = engine?.endpoint ?? settings.endpoints.dynamodb ?? '';
  await ensureTable(dynamodb, process.env.TABLE_NAME || TABLE_NAME);
  const { keyArn, events, ...standIns } = await startStandIns(home, settings, url);
  const parts: Parts = { url, endpoints: { dynamodb, ...standIns }, keyArn };
  return { engine, parts, events };
};

const serve = async (front: Front, parts: LocalParts, application: Application): Promise<void> => {
  const functions = await loadRoutedFunctions(application);
  const gateway = makeGateway({ routes: application.routes, functions, tokens: parts.tokens, port: front.port });
  front.answerWith((request) => (isLocalPath(request) ? answerLocally(request, parts) : gateway(request)));
};

const never = new Promise<void>(() => {});

interface Background {
  stop(): void;
}

/** What AWS would start by itself, and when: the sweep by its schedule, the publisher by the table's stream. */
const startInvocations = async (application: Application, settings: Settings, dynamodb: string) => {
  const schedule = startSchedule(await loadFunction(application, 'refresh-sweep'), settings.sweepSeconds);
  const publisher = { name: 'publish-events', run: await loadFunction(application, 'publish-events') };
  const source = { endpoint: dynamodb, tableName: process.env.TABLE_NAME ?? TABLE_NAME };
  return { schedule, background: [schedule, startStreamReader(source, publisher)] };
};

const stopping = (front: Front, engine: Engine | undefined, background: Background[]) => async (): Promise<void> => {
  for (const part of background) part.stop();
  await front.close();
  await engine?.stop();
};

/** Throws `StartRefused`; what was started until then ends with the process. */
export const startServer = async (settings: Settings, application: Application): Promise<LocalServer> => {
  const front = await openFront(settings.port);
  const home = await openHome(settings.home);
  const { engine, parts, events } = await startBackend(home, settings, front.url);
  const tokens = await openTokenIssuer(home.folder);
  enterEnvironment(makeEnvironment(process.env, settings, parts));
  const { schedule, background } = await startInvocations(application, settings, parts.endpoints.dynamodb);
  await serve(front, { tokens, events }, application);
  await schedule.firstRun;
  return {
    url: front.url,
    folder: home.folder,
    tokens,
    engineDied: engine?.died ?? never,
    stop: stopping(front, engine, background),
  };
};
