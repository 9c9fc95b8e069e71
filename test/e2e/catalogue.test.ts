/** Facts of the catalogue against images: as whom they run, what they start, where their Python and their tools are. */
import { describeOnEngine, docker, tryDocker } from './engine';
import { BaseImage, PackageManager } from 'cdk-wheelhouse';

/** Those that the test bed has. Its stand-in of Chainguard's dev image has apt and no compiler: these two are not compared there. */
const IMAGES = [
  BaseImage.debian({ release: 'bookworm', slim: true }), BaseImage.python({ python: '3.13', debian: 'bookworm' }), BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }),
  BaseImage.distrolessPython(), BaseImage.distrolessPython({ root: true }), BaseImage.nginx({ nginx: '1.22' }),
  BaseImage.chainguardPython(), BaseImage.chainguardPythonDev(), BaseImage.chainguardNginx(),
];

describeOnEngine('facts of', () => {
  describe.each(IMAGES.map(base => [base.reference, base.facts] as const))('%s', (reference, facts) => {
    const starts = (program: string, ...args: string[]) => tryDocker('run', '--rm', '--user', '0:0', '--entrypoint', program, reference, ...args).status === 0;

    test('are what the image says of itself', () => {
      const { User, Entrypoint } = JSON.parse(docker('image', 'inspect', reference))[0].Config;
      expect([Number(User.split(':')[0] || 0), Entrypoint ?? []]).toEqual([facts.defaultUserId, facts.entrypoint]);
    });

    test('are what is in it', () => {
      const shell = facts.shell!.length > 0;
      expect(starts('/bin/sh', '-c', 'true')).toBe(shell);
      if (facts.pythonPath !== undefined) {
        const version = docker('run', '--rm', '--entrypoint', facts.pythonPath, reference, '-c', 'import sys; print("%d.%d" % sys.version_info[:2])');
        if (facts.python !== undefined) expect(version).toBe(facts.python);
        expect(starts(facts.pythonPath, '-m', 'pip', '--version')).toBe(facts.pip);
        const libc = docker('run', '--rm', '--entrypoint', facts.pythonPath, reference, '-c', 'import platform; print(*platform.libc_ver())').split(' ');
        expect(libc).toEqual([facts.libc, facts.libcVersion ?? libc[1]]);
        for (const user of facts.users!) {
          expect(docker('run', '--rm', '--entrypoint', facts.pythonPath, reference, '-c', `import pwd; p = pwd.getpwnam("${user.name}"); print(p.pw_uid, p.pw_gid, p.pw_dir)`))
            .toBe(`${user.userId} ${user.groupId} ${user.home}`);
        }
      }
      if (facts.nginxPath !== undefined) expect(starts(facts.nginxPath, '-v')).toBe(true);
      if (facts.packageManager === PackageManager.NONE) expect([starts('apt-get', '--version'), starts('apk', '--version')]).toEqual([false, false]);
      if (facts.packageManager === PackageManager.APT) expect([starts('apt-get', '--version'), starts('apk', '--version')]).toEqual([true, false]);
      if (facts.packageManager !== PackageManager.APK) expect(starts('cc', '--version')).toBe(facts.compilers);
    });
  });
});
