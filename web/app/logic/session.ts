// What the tab remembers while the browser is at a provider: the link's token, what is being connected, and what was connected. The
// storage is that of the tab, so another tab or a later visit knows nothing of it.

/** The storage of the tab: sessionStorage. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** A connection that was started in this tab. */
export interface OpenFlow {
  provider: string;
  /** Reconnects this account. */
  credentialId?: string;
  /** The MCP server that is connected. */
  serverUrl?: string;
  /** Completing it was asked for: a link that is used up afterwards was most likely used up by it. */
  isCompleting?: true;
}

/** What came back from a provider. */
export interface CallbackReturn {
  state: string;
  /** null: the provider sent an error. */
  receipt: string | null;
  error: string | null;
}

/** What was connected by a link that is spent now. */
export interface Finished {
  displayName: string;
  accountName: string | null;
  returnUrl: string | null;
}

/** The memory of the tab. */
export interface LinkSession {
  token: string | null;
  callback: CallbackReturn | null;
  readFlow(state: string): OpenFlow | null;
  keepFlow(state: string, flow: OpenFlow): void;
  /** The callback is dealt with. */
  forgetCallback(): void;
  readFinished(): Finished | null;
  keepFinished(finished: Finished): void;
}

const TOKEN = 'keyhold.link';
const CALLBACK = 'keyhold.callback';
const FLOW = 'keyhold.flow.';
const FINISHED = 'keyhold.finished';

const parse = <T>(text: string | null): T | null => {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
};

const readCallback = (search: string): CallbackReturn | null => {
  const query = new URLSearchParams(search);
  const state = query.get('state');
  if (!state) return null;
  return { state, receipt: query.get('receipt'), error: query.get('error') };
};

/**
 * Reads the page's address (`hash` and `search` of the location) and the storage. A token in the address is a new visit by a link:
 * what an earlier link left is forgotten.
 */
export const openSession = (storage: TabStorage, address: { hash: string; search: string }): LinkSession => {
  const given = address.hash.slice(1);
  if (given !== '' && given !== storage.getItem(TOKEN)) {
    for (const key of [CALLBACK, FINISHED]) storage.removeItem(key);
    storage.setItem(TOKEN, given);
  }
  const fromAddress = readCallback(address.search);
  if (fromAddress) storage.setItem(CALLBACK, JSON.stringify(fromAddress));
  return {
    token: storage.getItem(TOKEN),
    callback: parse<CallbackReturn>(storage.getItem(CALLBACK)),
    readFlow: (state) => parse<OpenFlow>(storage.getItem(FLOW + state)),
    keepFlow: (state, flow) => storage.setItem(FLOW + state, JSON.stringify(flow)),
    forgetCallback() {
      const callback = parse<CallbackReturn>(storage.getItem(CALLBACK));
      if (callback) storage.removeItem(FLOW + callback.state);
      storage.removeItem(CALLBACK);
      this.callback = null;
    },
    readFinished: () => parse<Finished>(storage.getItem(FINISHED)),
    keepFinished: (finished) => storage.setItem(FINISHED, JSON.stringify(finished)),
  };
};
