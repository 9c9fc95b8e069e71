#!/usr/bin/env node
import { main } from './main';

main(process.argv).then(code => { process.exitCode = code; }, error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
