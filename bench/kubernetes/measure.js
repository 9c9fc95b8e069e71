/** What one program takes, in the process that calls this and no other: `node PROGRAM KIND SERVICES`; or only what it writes, with a folder after that. */
'use strict';
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Seconds in which it is done again and again, so that the compiler has seen all of it. */
const WARM_SECONDS = 2;
/** How often it is at least. */
const LEAST = 3;

/**
 * Prints seconds from the start of the process to the files, modules included; the most memory until then; and the median of doing it all again
 * and again, each time into another folder.
 *
 * @param prepare given a folder, answers with what declares and writes so many services below another folder
 */
module.exports.measure = prepare => {
  const count = Number(process.argv[3]);
  const directory = mkdtempSync(join(tmpdir(), 'wheelhouse-kubernetes-'));
  try {
    const synthesize = prepare(directory);
    if (process.argv[4]) return synthesize(count, process.argv[4]);
    synthesize(count, join(directory, 'first'));
    const whole = performance.now() / 1000;
    const megabytes = process.resourceUsage().maxRSS / 1024;
    const warm = [];
    for (const begun = performance.now(); warm.length < LEAST || performance.now() - begun < WARM_SECONDS * 1000;) {
      const from = performance.now();
      synthesize(count, join(directory, `again-${warm.length}`));
      warm.push((performance.now() - from) / 1000);
      rmSync(join(directory, `again-${warm.length - 1}`), { recursive: true });
    }
    // the first third has warmed it up
    const last = warm.slice(Math.floor(warm.length / 3)).sort((a, b) => a - b);
    process.stdout.write(JSON.stringify({ whole, warm: last[Math.floor(last.length / 2)], megabytes, times: warm.length }));
  } finally {
    rmSync(directory, { recursive: true });
  }
};
