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
 * and again, each time into another folder. Seconds are those of a clock, and those for which processors worked for this process.
 *
 * @param prepare given a folder, answers with what declares and writes so many services below another folder
 */
module.exports.measure = prepare => {
  const count = Number(process.argv[3]);
  const directory = mkdtempSync(join(tmpdir(), 'wheelhouse-bench-'));
  try {
    const synthesize = prepare(directory);
    if (process.argv[4]) return synthesize(count, process.argv[4]);
    synthesize(count, join(directory, 'first'));
    const whole = performance.now() / 1000;
    const wholeProcessor = processorSeconds();
    const megabytes = process.resourceUsage().maxRSS / 1024;
    const warm = [];
    const warmProcessor = [];
    for (const begun = performance.now(); warm.length < LEAST || performance.now() - begun < WARM_SECONDS * 1000;) {
      const [from, worked] = [performance.now(), processorSeconds()];
      synthesize(count, join(directory, `again-${warm.length}`));
      warm.push((performance.now() - from) / 1000);
      warmProcessor.push(processorSeconds() - worked);
      rmSync(join(directory, `again-${warm.length - 1}`), { recursive: true });
    }
    process.stdout.write(JSON.stringify({ whole, wholeProcessor, warm: settled(warm), warmProcessor: settled(warmProcessor), megabytes, times: warm.length }));
  } finally {
    rmSync(directory, { recursive: true });
  }
};

/** The median of all but the first third, which has warmed it up. */
function settled(seconds) {
  const last = seconds.slice(Math.floor(seconds.length / 3)).sort((a, b) => a - b);
  return last[Math.floor(last.length / 2)];
}

function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
