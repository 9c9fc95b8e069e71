import type { Instruction } from '../build/instruction';

/** Where the launcher is in the image. */
const LAUNCHER = '/launch.py';

/** It needs no package, and what it imports is there in every Python. */
export const LAUNCHER_PROGRAM = `"""Sets variables from secret files, then becomes the command that follows."""
import os
import sys


def content(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except UnicodeError:
        text = ""
    except OSError as problem:
        sys.exit(f"secret {path} cannot be read by user {os.getuid()}: {problem}; let that user read the file it comes from, such as with chmod 0444")
    text = text.rstrip("\\n")  # as shells and the entrypoints of databases do
    if text.endswith("\\r"):
        sys.exit(f"secret {path} ends in a carriage return, which others take for a part of it; write the file it comes from with the line ends of Unix")
    if text == "" or "\\0" in text:
        sys.exit(f"secret {path} is empty or no text; write the value into the file it comes from")
    return text


def quoted(text):
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 or byte in b"-._~" else f"%{byte:02X}" for byte in text.encode())


for name, value in sorted(os.environ.items()):
    if name.startswith("WHEELHOUSE_FILE_"):
        os.environ[name.removeprefix("WHEELHOUSE_FILE_")] = content(value)
    elif name.startswith("WHEELHOUSE_URL_"):
        before, path, after = value.replace("}", "{").split("{")
        os.environ[name.removeprefix("WHEELHOUSE_URL_")] = before + quoted(content(path)) + after
os.execvp(sys.argv[1], sys.argv[1:])
`;

/** The command that the process's own words follow. `-I -S`: it starts at once, and nothing in the environment leads it elsewhere. */
export function launcherCommand(interpreter: string): string[] {
  return [interpreter, '-IS', LAUNCHER];
}

/** What puts it into an image. */
export const LAUNCHER_INSTRUCTION: Instruction = {
  kind: 'writeFile', path: LAUNCHER, text: LAUNCHER_PROGRAM, mode: '0644', why: 'reads secrets from their files: neither layers nor manifests nor the engine see them',
};
