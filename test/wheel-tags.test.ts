import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Architecture } from '../lib/build/architecture';
import { Libc } from '../lib/build/base-image-facts';
import { mayFit, wheelFit, type WheelBase } from '../lib/python/wheel-tags';

/** What PyPA's own library answers, written by wheel-tags.py beside it. */
interface Answers {
  readonly interpreters: string[];
  readonly platforms: string[];
  readonly others: string[];
  readonly bases: Array<{ python: string; libc: 'glibc' | 'musl'; version: string; processor: 'x86_64' | 'aarch64'; fits: number[] }>;
}

const ANSWERS = JSON.parse(readFileSync(join(__dirname, 'wheel-tags.json'), 'utf8')) as Answers;
const WHEELS = [
  ...ANSWERS.interpreters.flatMap(interpreter => ANSWERS.platforms.map(platform => `demo-1.0-${interpreter}-${platform}.whl`)),
  ...ANSWERS.others,
];
const TRIXIE = { python: '3.13', libc: Libc.GLIBC, libcVersion: '2.41', distribution: 'debian 13' };
const AMD64 = Architecture.AMD64;

function baseOf({ python, libc, version, processor }: Answers['bases'][number]): WheelBase {
  const architecture = processor === 'x86_64' ? Architecture.AMD64 : Architecture.ARM64;
  if (libc === 'glibc') return { facts: { python, libc: Libc.GLIBC, libcVersion: version }, architecture };
  return { facts: { python, libc: Libc.MUSL, distribution: version === '1.1' ? 'alpine 3.12' : 'alpine 3.23' }, architecture };
}

describe('A wheel', () => {
  const bases = ANSWERS.bases.map(base => [`Python ${base.python}, ${base.libc} ${base.version}, ${base.processor}`, base] as const);
  test.each(bases)('fits %s where PyPA says so', (_, base) => {
    expect(WHEELS.filter(wheel => wheelFit(wheel, baseOf(base)) === 'fits')).toEqual(base.fits.map(index => WHEELS[index]));
    expect(WHEELS.filter(wheel => wheelFit(wheel, baseOf(base)) === 'unknown')).toEqual([]);
  });

  test('for an unknown Python is not known to fit, unless it fits every one', () => {
    const base = { facts: { ...TRIXIE, python: undefined }, architecture: AMD64 };
    expect(wheelFit('demo-1.0-cp313-cp313-manylinux_2_28_x86_64.whl', base)).toBe('unknown');
    expect(wheelFit('demo-1.0-cp38-abi3-manylinux_2_28_x86_64.whl', base)).toBe('unknown');
    expect(wheelFit('demo-1.0-py3-none-manylinux_2_28_x86_64.whl', base)).toBe('fits');
    expect(wheelFit('demo-1.0-cp313-cp313-win_amd64.whl', base)).toBe('unfit');
  });

  test('for an unknown version of the C library is not known to fit', () => {
    const base = { facts: { python: '3.13', libc: Libc.GLIBC }, architecture: AMD64 };
    expect(wheelFit('demo-1.0-cp313-cp313-manylinux1_x86_64.whl', base)).toBe('unknown');
    expect(wheelFit('demo-1.0-cp313-cp313-musllinux_1_2_x86_64.whl', base)).toBe('unfit');
    expect(mayFit('demo-1.0-cp313-cp313-manylinux1_x86_64.whl', base)).toBe(true);
    expect(mayFit('demo-1.0-cp313-cp313-musllinux_1_2_x86_64.whl', base)).toBe(false);
  });

  test('for an unknown release of Alpine is not known to fit if it needs musl 1.2', () => {
    const base = { facts: { python: '3.13', libc: Libc.MUSL }, architecture: AMD64 };
    expect(wheelFit('demo-1.0-cp313-cp313-musllinux_1_1_x86_64.whl', base)).toBe('fits');
    expect(wheelFit('demo-1.0-cp313-cp313-musllinux_1_2_x86_64.whl', base)).toBe('unknown');
  });

  test('fits an image without C library if it is Python alone', () => {
    const base = { facts: { python: '3.13', libc: Libc.NONE }, architecture: AMD64 };
    expect(wheelFit('demo-1.0-py3-none-any.whl', base)).toBe('fits');
    expect(wheelFit('demo-1.0-cp313-cp313-manylinux_2_28_x86_64.whl', base)).toBe('unfit');
  });

  test('of either architecture fits when none is said', () => {
    const fits = ['x86_64', 'aarch64', 'armv7l'].map(processor => wheelFit(`demo-1.0-cp313-cp313-manylinux_2_28_${processor}.whl`, { facts: TRIXIE }));
    expect(fits).toEqual(['fits', 'fits', 'unfit']);
  });

  test.each(['demo-1.0.tar.gz', 'demo.whl', 'py3-none-any.whl', 'demo-1.0-py3-none-any.whl.metadata', ''])('is not what is called %j', name => {
    expect(wheelFit(name, { facts: TRIXIE })).toBe('unfit');
  });
});
