/** What runs docker is shared with the end-to-end tests, and names this when it is loaded. */
Object.assign(globalThis, { describe: {} });
