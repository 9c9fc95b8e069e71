"""Writes what PyPA's packaging says of wheels and images: `pip install packaging==26.3; python test/wheel-tags.py test/wheel-tags.json`."""
import json
import sys
from itertools import product
from unittest import mock
from packaging import __version__, _manylinux, _musllinux
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

BASES = [
    {'python': python, 'libc': libc, 'version': version, 'processor': processor}
    for python in ('3.8', '3.11', '3.13', '3.14')
    for libc, version in (('glibc', '2.17'), ('glibc', '2.31'), ('glibc', '2.36'), ('glibc', '2.41'), ('musl', '1.1'), ('musl', '1.2'))
    for processor in ('x86_64', 'aarch64')
]
INTERPRETERS = '''
py3-none py2.py3-none py2-none py38-none py312-none py314-none cp38-cp38 cp311-cp311 cp313-cp313 cp313-cp313t cp313-none cp314-cp314t
cp36-abi3 cp313-abi3 cp314-abi3 cp31-abi3 cp3-abi3 cp37-cp37m pp310-pypy310_pp73 cp27-cp27mu cp311.cp312-abi3 cp311-abi3.cp311 py3-abi3
cp3-none py30-none cp311.cp312.cp313-none cp314-cp313
'''.split()
PLATFORMS = '''
any linux_x86_64 linux_aarch64 manylinux1_x86_64 manylinux1_aarch64 manylinux2010_x86_64 manylinux2014_aarch64 manylinux2014_x86_64
manylinux_2_5_x86_64.manylinux1_x86_64 manylinux_2_12_x86_64.manylinux2010_x86_64 manylinux_2_17_aarch64.manylinux2014_aarch64
manylinux_2_17_x86_64 manylinux_2_28_x86_64 manylinux_2_34_aarch64 manylinux_2_39_x86_64 manylinux_2_4_x86_64 manylinux_2_16_aarch64
manylinux_3_1_x86_64 manylinux_2_28_armv7l musllinux_1_0_x86_64 musllinux_1_1_x86_64 musllinux_1_2_aarch64 musllinux_1_2_x86_64
musllinux_1_3_x86_64 musllinux_1_1_i686 macosx_11_0_arm64 win_amd64 manylinux_2_28_x86_64.musllinux_1_2_x86_64
manylinux2014_i686.manylinux_2_17_x86_64
'''.split()
NAMES = [f'demo-1.0-{interpreter}-{platform}.whl' for interpreter, platform in product(INTERPRETERS, PLATFORMS)]
NAMES += ['demo-1.0-1a-cp313-cp313-manylinux_2_28_x86_64.whl', 'demo_part-1.0.post1-2-py3-none-any.whl']


def platforms(base):
    """The platforms of an image, newest first."""
    version = tuple(map(int, base['version'].split('.')))
    if base['libc'] == 'glibc':
        glibc = _manylinux._GLibCVersion(*version)
        with mock.patch.multiple(_manylinux, _get_glibc_version=lambda: glibc, _have_compatible_abi=lambda *_: True):
            named = list(_manylinux.platform_tags([base['processor']]))
    else:
        with mock.patch.object(_musllinux, '_get_musl_version', lambda _: _musllinux._MuslVersion(*version)):
            named = list(_musllinux.platform_tags([base['processor']]))
    return [*named, f"linux_{base['processor']}"]


def tags(base):
    version = tuple(map(int, base['python'].split('.')))
    short = 'cp' + base['python'].replace('.', '')
    names = platforms(base)
    return {*cpython_tags(version, [short], names), *compatible_tags(version, short, names)}


known = {name: parse_wheel_filename(name)[3] for name in NAMES}
bases = [{**base, 'fits': [number for number, name in enumerate(NAMES) if tags(base) & known[name]]} for base in BASES]
with open(sys.argv[1], 'w') as file:
    head = {'made': f'wheel-tags.py with packaging {__version__}', 'interpreters': INTERPRETERS, 'platforms': PLATFORMS, 'others': NAMES[-2:]}
    file.write('{\n' + ''.join(f' {json.dumps(key)}: {json.dumps(value)},\n' for key, value in head.items()))
    file.write(' "bases": [\n  ' + ',\n  '.join(map(json.dumps, bases)) + '\n ]\n}\n')
