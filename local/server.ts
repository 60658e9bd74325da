// Starts Keyhold on one machine: address, table engine, stand-ins, environment, functions, schedule, stream, gateway. Each
// step needs the ones before it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { StandIn } from './aws/aws-json-server.ts';
import { startEventBridge } from './aws/eventbridge-stand-in.ts';
import { startKms } from './aws/kms-stand-in.ts';
import { type LambdaStandIn, startLambda } from './aws/lambda-stand-in.ts';
import { startSecretsManager } from './aws/secrets-manager-stand-in.ts';
import { startDemoProvider } from './demo/demo-provider.ts';
import { makeGateway, makeWorkerCall } from './gateway/gateway.ts';
import { makePageGuard } from './gateway/page-guard.ts';
import { type Home, openHome } from './home.ts';
import { makeCors } from './http/cors.ts';
import { type HttpServer, type OnAnswered, openHttpServer } from './http/http-server.ts';
import { refusals } from './http/reply.ts';
import { openTokenIssuer, type TokenIssuer } from './identity/token-issuer.ts';
import { enterEnvironment, makeEnvironment, type Parts, TABLE_NAME } from './lambda/function-environment.ts';
import { type Application, loadFunction, loadRoutedFunctions } from './lambda/functions.ts';
import { startSchedule } from './lambda/schedule.ts';
import { CALLBACK_PATH, type LocalParts } from './local-routes/local-parts.ts';
import { answerLocally, isLocalRequest } from './local-routes/local-routes.ts';
import type { Settings } from './settings.ts';
import { describeSettings } from './settings-in-force.ts';
import { type Engine, startEngine } from './table/engine.ts';
import { ensureTable } from './table/ensure-table.ts';
import { startStreamReader } from './table/stream-reader.ts';

/** A running server, and what its banner prints. */
export interface LocalServer {
  url: string;
  /** What to register at a provider. */
  redirectUri: string;
  /** The demo MCP server; undefined where AWS_ENDPOINT_URL_SECRETS_MANAGER replaces the stand-in and with it the demo. */
  mcpServerUrl: string | undefined;
  /** KEYHOLD_HOME. */
  folder: string;
  tokens: TokenIssuer;
  /** Resolves when the table engine ended unexpectedly; never resolves when AWS_ENDPOINT_URL_DYNAMODB names another. */
  engineDied: Promise<void>;
  /** Lets the requests that are being answered end, and stops everything. */
  stop(): Promise<void>;
}

const publicUrl = (url: string): string => (process.env.PUBLIC_BASE_URL || url).replace(/\/$/, '');

/** The addresses the demo provider may send browsers to: the server's callback, and the application's own. */
const redirectUris = (url: string): string[] => {
  const own = publicUrl(url) + CALLBACK_PATH;
  const allowed = (process.env.ALLOWED_CALLBACK_URLS ?? '').split(',').map((entry) => entry.trim());
  return [own, ...allowed.filter((entry) => URL.canParse(entry))];
};

interface Secrets extends StandIn {
  mcpServerUrl: string;
}

const startSecrets = async (home: Home, url: string): Promise<Secrets> => {
  const demo = await startDemoProvider({ folder: home.folder, redirectUris: redirectUris(url) });
  const standIn = await startSecretsManager(home.secretsFolder, { 'oauth-clients': { demo: demo.entry } });
  return { ...standIn, mcpServerUrl: demo.mcpServerUrl };
};

const startStandIns = async (home: Home, { endpoints }: Settings, url: string) => {
  const kms = endpoints.kms === undefined ? await startKms(home.folder) : undefined;
  const secretsManager = endpoints.secretsManager === undefined ? await startSecrets(home, url) : undefined;
  const bus = endpoints.eventBridge === undefined ? await startEventBridge() : undefined;
  return {
    keyArn: kms?.keyArn,
    mcpServerUrl: secretsManager?.mcpServerUrl,
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
  const { keyArn, events, mcpServerUrl, ...standIns } = await startStandIns(home, settings, url);
  const lambda = await startLambda();
  const parts: Parts = { url, endpoints: { dynamodb, ...standIns }, keyArn, refreshInvokeUrl: lambda.invokeUrl };
  return { engine, parts, events, mcpServerUrl, lambda };
};

/** What the gateway is made of: the functions, the authorizer of users, and CORS for the routes that browsers may call. */
const openGateway = async (
  application: Application,
  settings: Settings,
  seen: { tokens: TokenIssuer; port: number },
) => {
  const { routes } = application;
  const methods = routes.filter(({ plane }) => plane !== 'runtime').map(({ method }) => method);
  const cors = makeCors(settings.allowedOrigins, methods);
  const parts = { routes, functions: await loadRoutedFunctions(application), cors, ...seen };
  const admits = makePageGuard(routes, cors);
  return { cors, admits, gateway: makeGateway(parts), callAsWorker: makeWorkerCall(parts) };
};

const never = new Promise<void>(() => {});

interface Background {
  stop(): void;
}

/**
 * The functions that AWS invokes: the sweep by its schedule, the publisher by the table's stream, and the refresh of one credential
 * when another function asks for it.
 */
const startInvocations = async (
  application: Application,
  settings: Settings,
  { dynamodb, lambda }: { dynamodb: string; lambda: LambdaStandIn },
) => {
  lambda.runWith(await loadFunction(application, 'refresh-credential'));
  const schedule = startSchedule(await loadFunction(application, 'refresh-sweep'), settings.sweepSeconds);
  const publisher = { name: 'publish-events', run: await loadFunction(application, 'publish-events') };
  const source = { endpoint: dynamodb, tableName: process.env.TABLE_NAME ?? TABLE_NAME };
  return { schedule, background: [schedule, startStreamReader(source, publisher)] };
};

interface Running {
  http: HttpServer;
  engine: Engine | undefined;
  lambda: LambdaStandIn;
  background: Background[];
}

/** The longest that a refresh under way is waited for: its answer may be a grant. */
const DRAIN_MILLISECONDS = 1_000;

const stopAll = async ({ http, engine, lambda, background }: Running): Promise<void> => {
  for (const part of background) part.stop();
  const late = sleep(DRAIN_MILLISECONDS, undefined, { ref: false });
  await Promise.all([http.close(), Promise.race([lambda.settled(), late])]);
  lambda.close();
  await engine?.stop();
};

/**
 * Resolves once it can serve. Throws `StartRefused`; the process must then end, and with it everything started so far.
 * `onAnswered` is called after each answer.
 */
export const startServer = async (
  settings: Settings,
  application: Application,
  onAnswered?: OnAnswered,
): Promise<LocalServer> => {
  const http = await openHttpServer(settings.port, onAnswered);
  const { url, port } = http;
  const home = await openHome(settings.home);
  const { folder } = home;
  const redirectUri = publicUrl(url) + CALLBACK_PATH;
  const { engine, parts, events, mcpServerUrl, lambda } = await startBackend(home, settings, url);
  const tokens = await openTokenIssuer(folder);
  enterEnvironment(makeEnvironment(process.env, settings, parts));
  const { schedule, background } = await startInvocations(application, settings, {
    dynamodb: parts.endpoints.dynamodb,
    lambda,
  });
  const { gateway, admits, ...made } = await openGateway(application, settings, { tokens, port });
  const inForce = describeSettings({ ...settings, port, home: folder }, process.env);
  const local: LocalParts = { tokens, events, redirectUri, mcpServerUrl, folder, settings: inForce, ...made };
  await schedule.firstRun;
  http.answerWith(async (request) => {
    if (!admits(request)) return refusals.forbidden;
    return isLocalRequest(request) ? answerLocally(request, local) : gateway(request);
  });
  const engineDied = engine?.died ?? never;
  return {
    url,
    redirectUri,
    mcpServerUrl,
    folder,
    tokens,
    engineDied,
    stop: () => stopAll({ http, engine, lambda, background }),
  };
};
