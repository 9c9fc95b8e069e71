import { folder } from '../declare';
import { describeOnEngine, docker } from './engine';

describeOnEngine('the engine', () => {
  test('builds a Dockerfile with the current syntax and runs the image', () => {
    const root = folder({
      Dockerfile: [
        '# syntax=docker/dockerfile:1',
        'FROM cgr.dev/chainguard/python:latest',
        "COPY --chmod=644 <<'EOF' /hello.py",
        'import os',
        'print("$HOME", os.getuid())',
        'EOF',
        'ENTRYPOINT ["python", "/hello.py"]',
      ].join('\n'),
    });
    docker('buildx', 'build', '--quiet', '--tag', 'wheelhouse-e2e/hello', root);
    expect(docker('run', '--rm', 'wheelhouse-e2e/hello')).toBe('$HOME 65532');
  });
});
