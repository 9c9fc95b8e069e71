/** `npm run bench -- NAME [--option …]`: one folder and one file each. */
import { benchEcs } from './ecs';
import { benchImages } from './images';
import { benchKubernetes } from './kubernetes';
import { benchLayouts } from './layouts';
import { benchSynth } from './synth';

const BENCHMARKS: Record<string, (options: string[]) => Promise<void>> = {
  ecs: benchEcs, images: benchImages, kubernetes: benchKubernetes, layouts: benchLayouts, synth: benchSynth,
};

const [name = '', ...options] = process.argv.slice(2);
const benchmark = BENCHMARKS[name];
if (benchmark) {
  benchmark(options).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
} else {
  process.stderr.write(`there is no benchmark '${name}'; there is: ${Object.keys(BENCHMARKS).join(', ')}\n`);
  process.exitCode = 1;
}
