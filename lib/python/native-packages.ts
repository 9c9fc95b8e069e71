/**
 * What packages of PyPI with native parts need of a distribution: the one file of it. Debian's names are those of its releases 12 and 13, as its
 * source packages (Build-Depends) and the Python packages made of them (Depends) have them; each is known to apt. Alpine's are those of its aports.
 * A distribution whose names nobody has read is left out. Libraries that CPython itself is linked to (OpenSSL, libffi, zlib, expat, SQLite) are not
 * named for running. To renew it, open the pages, correct the rows, and write today into {@link NATIVE_LOOKED_UP}.
 */

/** Day on which somebody read the pages. */
export const NATIVE_LOOKED_UP = '2026-11-21';

/** What one package needs of one distribution. */
export interface NativeNeeds {
  /** To be built from its source, besides {@link COMPILERS}. */
  readonly toBuild?: readonly string[];
  /** To run when it was built so. */
  readonly toRun?: readonly string[];
  /** To run, also when it was installed from a wheel: without it, the package cannot be imported. */
  readonly always?: readonly string[];
}

/** What one package needs. */
export interface NativePackage {
  /** By distribution (`alpine`) or one release of it (`debian 12`). */
  readonly needs: Readonly<Record<string, NativeNeeds>>;
  /** Other packages of PyPI, each of which brings what is always needed. */
  readonly broughtBy?: readonly string[];
  /** Page that says so. */
  readonly source: string;
}

/** What building anything needs. */
export interface Compilers {
  readonly packages: readonly string[];
  /** Headers of the Python that the distribution itself packages; other Pythons have theirs. */
  readonly headers: readonly string[];
  readonly source: string;
}

/** By distribution. */
export const COMPILERS: Readonly<Record<string, Compilers>> = {
  alpine: {
    packages: ['build-base', 'pkgconf'],
    headers: ['python3-dev'],
    source: 'https://gitlab.alpinelinux.org/alpine/aports/-/blob/master/main/build-base/APKBUILD',
  },
  debian: { packages: ['g++', 'gcc', 'libc6-dev', 'make', 'pkg-config'], headers: ['python3-dev'], source: 'https://packages.debian.org/trixie/build-essential' },
};

type Names = readonly string[];

/** The same in Debian 12 and 13. */
function debian(source: string, toBuild: Names, toRun: Names = []): NativePackage {
  return { needs: { debian: { toBuild, toRun } }, source: debianSource(source) };
}

/** Libraries that are called otherwise in Debian 13 than in 12. */
function debians(source: string, toBuild: Names, inBookworm: Names, inTrixie: Names): NativePackage {
  return { needs: { 'debian 12': { toBuild, toRun: inBookworm }, 'debian 13': { toBuild, toRun: inTrixie } }, source: debianSource(source) };
}

/** In Debian 13: what 12 has is too old. */
function trixie(source: string, toBuild: Names, toRun: Names = []): NativePackage {
  return { needs: { 'debian 13': { toBuild, toRun } }, source: debianSource(source) };
}

function always(source: string, needs: Readonly<Record<string, Names>>): NativePackage {
  return { needs: Object.fromEntries(Object.entries(needs).map(([key, names]) => [key, { always: names }])), source };
}

function alsoAlpine(row: NativePackage, toBuild: Names, toRun: Names): NativePackage {
  return { ...row, needs: { ...row.needs, alpine: { toBuild, toRun } } };
}

function debianSource(name: string): string {
  return `https://packages.debian.org/source/trixie/${name}`;
}

const PSYCOPG2 = alsoAlpine(debian('psycopg2', ['libpq-dev'], ['libpq5']), ['libpq-dev'], ['libpq']);
const OPENCV = always('https://github.com/opencv/opencv-python/blob/4.x/README.md', { 'debian 12': ['libgl1', 'libglib2.0-0'], 'debian 13': ['libgl1', 'libglib2.0-0t64'] });
const GDAL = debians('rasterio', ['gdal-bin', 'libgdal-dev'], ['libgdal32'], ['libgdal36']);
const KERBEROS = debian('pykerberos', ['libkrb5-dev'], ['libgssapi-krb5-2', 'libkrb5-3']);
const XML = ['libxml2-dev', 'libxslt1-dev', 'zlib1g-dev'];
const IMAGES = ['libfreetype-dev', 'libjpeg-dev', 'liblcms2-dev', 'libopenjp2-7-dev', 'libtiff-dev', 'libwebp-dev', 'zlib1g-dev'];

/** By the normalized name on PyPI. */
export const NATIVE_PACKAGES: Readonly<Record<string, NativePackage>> = {
  'apsw': debian('python-apsw', ['libsqlite3-dev']),
  'av': debians('python-av', ['libavcodec-dev', 'libavdevice-dev', 'libavfilter-dev', 'libavformat-dev', 'libavutil-dev', 'libswresample-dev', 'libswscale-dev'],
    ['libavcodec59', 'libavdevice59', 'libavfilter8', 'libavformat59', 'libavutil57', 'libswresample4', 'libswscale6'],
    ['libavcodec61', 'libavdevice61', 'libavfilter10', 'libavformat61', 'libavutil59', 'libswresample5', 'libswscale8']),
  'bcrypt': trixie('python-bcrypt', ['cargo']),
  'bitarray': debian('python-bitarray', []),
  'blosc': debian('python-blosc', ['cmake', 'libblosc-dev'], ['libblosc1']),
  'brotli': debian('brotli', []),
  'bsddb3': debians('python-bsddb3', ['libdb5.3-dev'], ['libdb5.3'], ['libdb5.3t64']),
  'cairocffi': always(debianSource('cairocffi'), { debian: ['libcairo2'], alpine: ['cairo'] }),
  'cffi': debian('python-cffi', ['libffi-dev']),
  'confluent-kafka': debian('python-confluent-kafka', ['librdkafka-dev'], ['librdkafka1']),
  'cryptography': trixie('python-cryptography', ['cargo', 'libssl-dev']),
  'dbus-python': debians('dbus-python', ['libdbus-1-dev', 'libglib2.0-dev'], ['libdbus-1-3', 'libglib2.0-0'], ['libdbus-1-3', 'libglib2.0-0t64']),
  'dlib': debians('dlib', ['cmake', 'libblas-dev', 'libjpeg-dev', 'liblapack-dev', 'libpng-dev'],
    ['libblas3', 'libjpeg62-turbo', 'liblapack3', 'libpng16-16'], ['libblas3', 'libjpeg62-turbo', 'liblapack3', 'libpng16-16t64']),
  'evdev': debian('python-evdev', ['linux-libc-dev']),
  'fiona': { ...GDAL, source: debianSource('fiona') },
  'gdal': { ...GDAL, source: debianSource('gdal') },
  'gmpy2': debian('python-gmpy2', ['libgmp-dev', 'libmpc-dev', 'libmpfr-dev'], ['libgmp10', 'libmpc3', 'libmpfr6']),
  'greenlet': debian('python-greenlet', []),
  'gssapi': debian('python-gssapi', ['libkrb5-dev'], ['libgssapi-krb5-2']),
  'h5py': debians('h5py', ['libhdf5-dev'], ['libhdf5-103-1', 'libhdf5-hl-100'], ['libhdf5-310', 'libhdf5-hl-310']),
  'httptools': debian('python-httptools', []),
  'kerberos': KERBEROS,
  'kiwisolver': debian('kiwisolver', []),
  'levenshtein': debian('python-levenshtein', ['cmake']),
  'libvirt-python': debian('libvirt-python', ['libvirt-dev'], ['libvirt0']),
  'llfuse': debians('python-llfuse', ['libfuse-dev'], ['libfuse2'], ['libfuse2t64']),
  'lmdb': debian('lmdb', []),
  'lxml': alsoAlpine(debian('lxml', XML, ['libxml2', 'libxslt1.1']), ['libxml2-dev', 'libxslt-dev'], ['libxml2', 'libxslt']),
  'm2crypto': debian('m2crypto', ['libssl-dev', 'swig']),
  'mariadb': debian('mariadb-connector-python', ['libmariadb-dev'], ['libmariadb3']),
  'markupsafe': debian('markupsafe', []),
  'msgpack': debian('python-msgpack', []),
  'multidict': debian('python-multidict', []),
  'mysqlclient': alsoAlpine(debian('python-mysqldb', ['default-libmysqlclient-dev'], ['libmariadb3']), ['mariadb-connector-c-dev'], ['mariadb-connector-c']),
  'netcdf4': debians('netcdf4-python', ['libhdf5-dev', 'libnetcdf-dev'], ['libnetcdf19'], ['libnetcdf22']),
  'netifaces': debian('netifaces', []),
  'numpy': debian('numpy', ['gfortran', 'libblas-dev', 'liblapack-dev'], ['libblas3', 'liblapack3']),
  'opencv-contrib-python': OPENCV,
  'opencv-python': OPENCV,
  'pandas': debian('pandas', []),
  'pikepdf': debians('pikepdf', ['libqpdf-dev'], ['libqpdf29'], ['libqpdf30']),
  'pillow': debian('pillow', IMAGES,
    ['libfreetype6', 'libjpeg62-turbo', 'liblcms2-2', 'libopenjp2-7', 'libtiff6', 'libwebp7', 'libwebpdemux2', 'libwebpmux3']),
  'plyvel': debian('plyvel', ['libleveldb-dev'], ['libleveldb1d']),
  'psutil': debian('python-psutil', []),
  'psycopg': {
    needs: { debian: { always: ['libpq5'] }, alpine: { always: ['libpq'] } },
    broughtBy: ['psycopg-binary'],
    source: 'https://www.psycopg.org/psycopg3/docs/basic/install.html',
  },
  'psycopg-c': alsoAlpine(debian('psycopg3', ['libpq-dev'], ['libpq5']), ['libpq-dev'], ['libpq']),
  'psycopg2': PSYCOPG2,
  'psycopg2-binary': PSYCOPG2,
  'pyalsaaudio': debians('pyalsaaudio', ['libasound2-dev'], ['libasound2'], ['libasound2t64']),
  'pyaudio': debian('python-pyaudio', ['portaudio19-dev'], ['libportaudio2']),
  'pybluez': debian('pybluez', ['libbluetooth-dev'], ['libbluetooth3']),
  'pycairo': alsoAlpine(debian('pycairo', ['libcairo2-dev'], ['libcairo2']), ['cairo-dev'], ['cairo']),
  'pycups': debians('python-cups', ['libcups2-dev'], ['libcups2'], ['libcups2t64']),
  'pycurl': {
    needs: {
      'debian 12': { toBuild: ['libcurl4-openssl-dev', 'libssl-dev'], toRun: ['libcurl4'] },
      'debian 13': { toBuild: ['libcurl4-openssl-dev', 'libssl-dev'], toRun: ['libcurl4t64'] },
    },
    source: 'http://pycurl.io/docs/latest/install.html',
  },
  'pyenchant': always(debianSource('pyenchant'), { debian: ['libenchant-2-2'] }),
  'pyfuse3': debians('pyfuse3', ['libattr1-dev', 'libfuse3-dev'], ['libfuse3-3'], ['libfuse3-4']),
  'pygit2': debians('python-pygit2', ['libgit2-dev'], ['libgit2-1.5'], ['libgit2-1.9']),
  'pygobject': {
    needs: {
      'debian 12': { toBuild: ['libcairo2-dev', 'libgirepository1.0-dev'], toRun: ['gir1.2-glib-2.0', 'libcairo2', 'libgirepository-1.0-1'] },
      'debian 13': { toBuild: ['libcairo2-dev', 'libgirepository-2.0-dev'], toRun: ['gir1.2-girepository-2.0', 'libcairo2', 'libgirepository-2.0-0'] },
    },
    source: 'https://pygobject.gnome.org/getting_started.html',
  },
  'pygraphviz': debian('python-pygraphviz', ['libgraphviz-dev'], ['graphviz', 'libcgraph6', 'libgvc6']),
  'pyicu': debians('pyicu', ['libicu-dev'], ['libicu72'], ['libicu76']),
  'pykerberos': KERBEROS,
  'pylibdmtx': always(debianSource('python-pylibdmtx'), { 'debian 12': ['libdmtx0b'], 'debian 13': ['libdmtx0t64'] }),
  'pylibmc': debians('pylibmc', ['libmemcached-dev', 'zlib1g-dev'], ['libmemcached11'], ['libmemcached11t64']),
  'pymssql': debian('pymssql', ['freetds-dev', 'libkrb5-dev'], ['libsybdb5']),
  'pynacl': debian('python-nacl', []),
  'pyodbc': debian('pyodbc', ['unixodbc-dev'], ['libodbc2']),
  'pyproj': debian('python-pyproj', ['libproj-dev', 'proj-bin'], ['libproj25', 'proj-data']),
  'pyscard': debian('pyscard', ['libpcsclite-dev', 'swig'], ['libpcsclite1']),
  'pysmbc': debians('pysmbc', ['libsmbclient-dev'], ['libsmbclient'], ['libsmbclient0']),
  'python-ldap': alsoAlpine(debians('python-ldap', ['libldap2-dev', 'libsasl2-dev'], ['libldap-2.5-0', 'libsasl2-2'], ['libldap2', 'libsasl2-2']),
    ['cyrus-sasl-dev', 'openldap-dev'], ['libldap', 'libsasl']),
  'python-magic': always(debianSource('python-magic'), { 'debian 12': ['libmagic1'], 'debian 13': ['libmagic1t64'], 'alpine': ['libmagic'] }),
  'python-pam': debian('python-pam', [], []),
  'python-prctl': debian('python-prctl', ['libcap-dev'], ['libcap2']),
  'python-rapidjson': debian('python-rapidjson', ['rapidjson-dev']),
  'pyyaml': debian('pyyaml', ['libyaml-dev'], ['libyaml-0-2']),
  'pyzbar': always('https://packages.debian.org/source/bookworm/pyzbar', { 'debian 12': ['libzbar0'], 'debian 13': ['libzbar0t64'] }),
  'rapidfuzz': debian('rapidfuzz', ['cmake']),
  'rasterio': GDAL,
  'regex': debian('python-regex', []),
  'rpy2': { needs: { debian: { toBuild: ['r-base-dev'], always: ['r-base-core'] } }, source: debianSource('rpy2') },
  'rrdtool': debians('rrdtool', ['librrd-dev'], ['librrd8'], ['librrd8t64']),
  'scikit-learn': debian('scikit-learn', [], ['libgomp1']),
  'scipy': debian('scipy', ['gfortran', 'libblas-dev', 'liblapack-dev'], ['libblas3', 'libgfortran5', 'liblapack3']),
  'setproctitle': debian('python-setproctitle', []),
  'shapely': debians('python-shapely', ['libgeos-dev'], ['libgeos-c1v5'], ['libgeos-c1t64']),
  'sounddevice': always('https://python-sounddevice.readthedocs.io/en/latest/installation.html', { debian: ['libportaudio2'] }),
  'systemd-python': debian('python-systemd', ['libsystemd-dev'], ['libsystemd0']),
  'tesserocr': debians('python-tesserocr', ['libleptonica-dev', 'libtesseract-dev'], ['liblept5', 'libtesseract5'], ['libleptonica6', 'libtesseract5']),
  'ujson': debian('ujson', []),
  'uwsgi': debian('uwsgi', []),
  'wand': always(debianSource('wand'), { 'debian 12': ['libmagickwand-6.q16-6'], 'debian 13': ['libmagickwand-7.q16-10'] }),
  'weasyprint': always('https://doc.courtbouillon.org/weasyprint/stable/first_steps.html', { debian: ['libharfbuzz-subset0', 'libpango-1.0-0', 'libpangoft2-1.0-0'] }),
  'xmlsec': debians('python-xmlsec', ['libxml2-dev', 'libxmlsec1-dev', 'libxmlsec1-openssl'],
    ['libxml2', 'libxmlsec1', 'libxmlsec1-openssl'], ['libxml2', 'libxmlsec1t64', 'libxmlsec1t64-openssl']),
  'yarl': debian('yarl', []),
};
