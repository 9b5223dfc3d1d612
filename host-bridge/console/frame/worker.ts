/** Registers the service worker, by the one Trusted Types policy that the desk's content security policy allows. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const ADDRESS = '/console/sw.js';

export function registerWorker(): void {
  if (!('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('smartseal', {
    createScriptURL: (url) => {
      if (url !== ADDRESS) throw new TypeError('not the service worker');
      return url;
    },
  });
  // Without it the console works as well, but is not installed.
  navigator.serviceWorker.register(policy?.createScriptURL(ADDRESS) ?? ADDRESS, { scope: '/console/' }).catch(() => undefined);
}
