// Makes the compiled entry point load each file when something of it is first used: a program pays for what it uses, and an
// absent optional peer would only matter to those who touch what needs it. Runs after jsii.
const fs = require('node:fs');

const [file] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
// the getters below stay as they are: node finds the names for `import { App }` by their form
const lazy = text.replace(/^var (\w+) = (require\("[^"]+"\));$/gm, 'var $1 = new Proxy({}, { get: (_, name) => $2[name] });');
if (lazy === text) throw new Error(`${file}: nothing to change; has the compiler's output changed?`);
fs.writeFileSync(file, lazy);
