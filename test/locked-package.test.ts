import { Architecture } from '../lib/build/architecture';
import { Libc } from '../lib/build/base-image-facts';
import { fileLockedPackage, packageFit, uvLockedPackage, type LockedPackage } from '../lib/python/locked-package';
import { list, parseToml, table, type Table } from '../lib/python/pyproject';

const BOOKWORM = { python: '3.13', libc: Libc.GLIBC, libcVersion: '2.36', distribution: 'debian 12' };

function packages(text: string): Table[] {
  return list(table(parseToml(text)).package).map(table);
}

describe('A locked package', () => {
  test('of uv has the file names of its wheels', () => {
    const [mysql, demo, local, git] = packages(`
[[package]]
name = "mysqlclient"
version = "2.2.7"
source = { registry = "https://packages.example.com/simple" }
sdist = { url = "https://packages.example.com/mysqlclient-2.2.7.tar.gz", hash = "sha256:00", size = 91447 }
wheels = [
    { url = "https://packages.example.com/mysqlclient-2.2.7-cp313-cp313-win_amd64.whl", hash = "sha256:01", size = 207832 },
]
[[package]]
name = "Demo_Package"
version = "1.0+cpu"
wheels = [{ url = "https://packages.example.com/files/demo_package-1.0%2Bcpu-py3-none-any.whl#sha256=00" }]
[[package]]
name = "flat"
version = "1"
wheels = [{ path = "wheels/flat-1-py3-none-any.whl" }, { filename = "flat-1-cp313-cp313-linux_x86_64.whl" }]
[[package]]
name = "fork"
version = "2"
source = { git = "https://git.example.com/fork.git#0123" }
`);
    expect(uvLockedPackage(mysql)).toEqual({ name: 'mysqlclient', version: '2.2.7', wheels: ['mysqlclient-2.2.7-cp313-cp313-win_amd64.whl'], sdist: true });
    expect(uvLockedPackage(demo)).toEqual({ name: 'demo-package', version: '1.0+cpu', wheels: ['demo_package-1.0+cpu-py3-none-any.whl'], sdist: false });
    expect(uvLockedPackage(local).wheels).toEqual(['flat-1-py3-none-any.whl', 'flat-1-cp313-cp313-linux_x86_64.whl']);
    expect(uvLockedPackage(git)).toEqual({ name: 'fork', version: '2', wheels: [], sdist: false });
  });

  test('of Poetry and PDM has its wheels among all its files', () => {
    const [poetry, pdm] = packages(`
[[package]]
name = "cffi"
version = "2.0.0"
files = [
    {file = "cffi-2.0.0-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", hash = "sha256:00"},
    {file = "cffi-2.0.0.tar.gz", hash = "sha256:01"},
]
[[package]]
name = "six"
version = "1.17.0"
files = [{url = "https://packages.example.com/six-1.17.0-py2.py3-none-any.whl", hash = "sha256:00"}]
`);
    expect(fileLockedPackage(poetry)).toEqual({
      name: 'cffi', version: '2.0.0', wheels: ['cffi-2.0.0-cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.whl'], sdist: true,
    });
    expect(fileLockedPackage(pdm)).toEqual({ name: 'six', version: '1.17.0', wheels: ['six-1.17.0-py2.py3-none-any.whl'], sdist: false });
  });

  const locked = (...wheels: string[]): LockedPackage => ({ name: 'demo', version: '1', wheels, sdist: true });
  const [AMD64, ARM64] = ['x86_64', 'aarch64'].map(processor => `demo-1-cp313-cp313-manylinux_2_28_${processor}.whl`);

  test('is installed from a wheel when there is one for each architecture that it may be built for', () => {
    expect(packageFit(locked(AMD64, ARM64), { facts: BOOKWORM })).toBe('fits');
    expect(packageFit(locked(AMD64), { facts: BOOKWORM })).toBe('unfit');
    expect(packageFit(locked(AMD64), { facts: BOOKWORM, architecture: Architecture.AMD64 })).toBe('fits');
    expect(packageFit(locked(AMD64), { facts: BOOKWORM, architecture: Architecture.ARM64 })).toBe('unfit');
    expect(packageFit(locked(), { facts: BOOKWORM })).toBe('unfit');
    expect(packageFit(locked('demo-1-py3-none-any.whl'), { facts: BOOKWORM })).toBe('fits');
  });

  test('may be installed from a wheel when a fact that decides is not known', () => {
    expect(packageFit(locked(AMD64, ARM64), { facts: { ...BOOKWORM, libcVersion: undefined } })).toBe('unknown');
    expect(packageFit(locked(AMD64), { facts: { ...BOOKWORM, python: undefined } })).toBe('unfit');
  });
});
