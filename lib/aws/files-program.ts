/**
 * Writes files: each word is the name of a variable that holds the content, `=`, and the path. Readers never see half a file, and whoever runs the
 * process may read it.
 */
export const FILES_PROGRAM = `import os, sys
for word in sys.argv[1:]:
    name, _, path = word.partition('=')
    with open(path + '.new', 'wb') as file:
        file.write(os.environb[name.encode()])
    os.chmod(path + '.new', 0o444)
    os.rename(path + '.new', path)
`;
