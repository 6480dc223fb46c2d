/**
 * What a window of Chromium has that no page needs: the list below its address bar is made of pages of its own, and a
 * process is kept ready for the page after this one. For each test that was a second of a processor, half of all it took.
 */
const NEEDLESS = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'];
/** The last switch of a name is the one that counts, so what Playwright would say is said again. */
const PLAYWRIGHTS = [
  ...['AutoDeElevate', 'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'AimEnabled'],
  ...['BlockOriginHeaderModificationOnRedirect', 'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider'],
  ...['GlobalMediaControls', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying'],
  ...['OptimizationHints', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'Translate'],
];

/** How Chromium is started for tests. */
export const CHROMIUM_ARGS: string[] = [
  // Chromium's sandbox refuses to start as root, which is who runs in most containers.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  // A closed network answers none of these calls home; waiting for them only costs time.
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
  `--disable-features=${[...PLAYWRIGHTS, ...NEEDLESS].join()}`,
];
