// The front end of an application: the signed-in user sees their connections, and starts a new one. It runs in a browser.
import { type CredentialView, createUserClient } from 'keyhold/client';

interface Page {
  /** The address of the service. */
  keyholdUrl: string;
  /** The token of the signed-in user, from the application's own sign-in. */
  readToken: () => Promise<string>;
  /** Where the browser goes next. */
  goTo: (url: string) => void;
  /** Keeps the state until the browser is back. */
  storage: StateStorage;
}

interface StateStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** What the buttons of the page do. */
export const makeConnections = ({ keyholdUrl, readToken, goTo, storage }: Page) => {
  const keyhold = createUserClient({ url: keyholdUrl, token: readToken });
  return {
    list: async (): Promise<CredentialView[]> => (await keyhold.listCredentials()).credentials,

    connect: async (provider: string, returnUrl: string): Promise<void> => {
      const { state, authorizationUrl } = await keyhold.startConnection({ provider, returnUrl });
      storage.setItem('keyhold-state', state);
      goTo(authorizationUrl);
    },

    /** On the page that the browser came back to. */
    finish: async (query: URLSearchParams): Promise<CredentialView | null> => {
      const state = storage.getItem('keyhold-state');
      const receipt = query.get('receipt');
      if (state === null || receipt === null || query.get('state') !== state) return null;
      storage.removeItem('keyhold-state');
      return keyhold.completeConnection({ state, receipt });
    },

    disconnect: (id: string) => keyhold.deleteCredential(id),
  };
};
