/**
 * A program that runs while an image is built, on any Python, with nothing but its standard library. It reads what ELF files say of themselves and
 * executes none of them, as `ldd` may.
 *
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html
 * @see https://man7.org/linux/man-pages/man8/ld.so.8.html
 * @see https://man7.org/linux/man-pages/man1/ldd.1.html#DESCRIPTION
 */
export const SHARED_LIBRARIES = `"""Copies the loader and the shared libraries that programs need, and that the image they go to does not have.

python libraries.py PROGRAMS TREE [IMAGE]: reads the ELF files in PROGRAMS, searches as the loader does, and copies into TREE, whose paths are those of
the image. IMAGE is its root; without one it is empty.
"""
import glob
import os
import shutil
import ssl
import struct
import sys
from collections import namedtuple

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH = 1, 5, 15, 29
Elf = namedtuple("Elf", "machine loader needed rpath runpath")


def read_elf(path):
    """What an ELF file says of itself; nothing for other files."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"\\x7fELF":
        return None
    wide, order = data[4] == 2, "<" if data[5] == 1 else ">"
    machine, = struct.unpack_from(order + "H", data, 18)
    start, = struct.unpack_from(order + ("Q" if wide else "I"), data, 32 if wide else 28)
    size, count = struct.unpack_from(order + "HH", data, 54 if wide else 42)
    segments = []
    for at in range(start, start + size * count, size):
        if wide:
            kind, _, offset, address, _, length = struct.unpack_from(order + "IIQQQQ", data, at)
        else:
            kind, offset, address, _, length = struct.unpack_from(order + "IIIII", data, at)
        segments.append((kind, offset, address, length))
    text = lambda at: data[at:data.index(b"\\0", at)].decode()
    loader = next((text(offset) for kind, offset, _, _ in segments if kind == PT_INTERP), None)
    tags = []
    for kind, offset, _, length in segments:
        if kind == PT_DYNAMIC:
            tags = list(struct.iter_unpack(order + ("qQ" if wide else "iI"), data[offset:offset + length]))
    table = next((value for tag, value in tags if tag == DT_STRTAB), 0)
    strings = next((offset + table - address for kind, offset, address, length in segments if kind == PT_LOAD and address <= table < address + length), 0)
    texts = lambda wanted: [text(strings + value) for tag, value in tags if tag == wanted]
    return Elf((wide, machine), loader, texts(DT_NEEDED), ":".join(texts(DT_RPATH)), ":".join(texts(DT_RUNPATH)))


def inside(root, path):
    """Where a path of an image is, its links followed as in the image."""
    parts, found = [part for part in path.split("/") if part], []
    for _ in range(1000):
        if not parts:
            return os.path.join(root, *found)
        part = parts.pop(0)
        if part == "..":
            found = found[:-1]
        elif part != ".":
            here = os.path.join(root, *found, part)
            if os.path.islink(here):
                target = os.readlink(here)
                found = [] if target.startswith("/") else found
                parts = [other for other in target.split("/") if other] + parts
            else:
                found = found + [part]
    sys.exit(f"{path} leads in a circle")


def configured(root, path="/etc/ld.so.conf"):
    """Directories of the loader's configuration."""
    file = inside(root, path)
    if not os.path.isfile(file):
        return []
    directories = []
    for line in open(file):
        words = line.split("#")[0].split()
        if words[:1] == ["include"]:
            pattern = words[1] if words[1].startswith("/") else os.path.join(os.path.dirname(path), words[1])
            here = inside(root, os.path.dirname(pattern))
            for name in sorted(glob.glob(os.path.join(here, os.path.basename(pattern)))):
                directories += configured(root, os.path.join(os.path.dirname(pattern), os.path.basename(name)))
        elif words:
            directories += words
    return directories


def directories_of(root):
    """Where the loader of an image looks, after what a file itself names."""
    own = ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"]
    multiarch = [path[len(root.rstrip("/")):] for parent in ("/lib", "/usr/lib") for path in sorted(glob.glob(root.rstrip("/") + parent + "/*-linux-*"))]
    musl = [directory for file in glob.glob(root.rstrip("/") + "/etc/ld-musl-*.path") for directory in open(file).read().replace(":", "\\n").split()]
    return [*configured(root), *multiarch, *own, *musl]


def first(root, directories, name, machine):
    """The first file of that name that is for the same processor."""
    for directory in directories:
        path = os.path.join(directory, name)
        file = inside(root, path)
        if os.path.isfile(file):
            elf = read_elf(file)
            if elf and elf.machine == machine:
                return path
    return None


def copy(source, tree, path):
    target = tree + path
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy2(source, target)
    print(path)


def also_opened():
    """What glibc opens by name: when a thread ends early; and, before 2.34, when users or hosts are looked up."""
    name, _, version = os.confstr("CS_GNU_LIBC_VERSION").partition(" ") if "CS_GNU_LIBC_VERSION" in os.confstr_names else ("", "", "")
    if name != "glibc":
        return []
    lookups = [] if tuple(map(int, version.split("."))) >= (2, 34) else ["libnss_files.so.2", "libnss_dns.so.2"]
    return ["libgcc_s.so.1", *lookups]


def main(programs, tree, image=None):
    files = [os.path.join(directory, name) for directory, _, names in os.walk(programs) for name in sorted(names)]
    elves = {file: elf for file in sorted(files) if not os.path.islink(file) for elf in [read_elf(file)] if elf}
    if not elves:
        sys.exit(f"no program is in {programs}")
    searched = directories_of("/")
    there = directories_of(image) if image else []
    bundled = {os.path.basename(file) for file in elves}
    loader = next(elf.loader for elf in elves.values() if elf.loader)
    machine = next(elf.machine for elf in elves.values() if elf.loader)
    found, missing = {}, []
    waiting = [(name, elf, file, "") for file, elf in elves.items() for name in elf.needed]
    waiting += [(name, None, programs, "") for name in also_opened()]
    while waiting:
        name, elf, file, inherited = waiting.pop(0)
        if name in found or name == os.path.basename(loader):
            continue
        own = f"{elf.runpath or elf.rpath + ':' + inherited}" if elf else ""
        origin = os.path.dirname(file)
        named = [part.replace("$ORIGIN", origin).replace("\${ORIGIN}", origin) for part in own.split(":") if part]
        path = name if "/" in name else first("/", [*named, *searched], name, machine)
        if path is None:
            if elf:
                missing.append(f"{name}, which {file} needs")
            continue
        found[name] = path
        library = read_elf(inside("/", path))
        waiting += [(other, library, inside("/", path), elf.rpath if elf else "") for other in library.needed]
    if missing:
        sys.exit("these shared libraries are not in the image that builds:\\n  " + "\\n  ".join(sorted(missing)))
    os.makedirs(tree, exist_ok=True)
    if not (image and os.path.isfile(inside(image, loader))):
        copy(inside("/", loader), tree, loader)
        image = None
    # beside the C library, where the loader looks without being told; in an image that has one, by that image's own path
    libc = next((name for name in found if name.startswith("libc.")), None)
    home = os.path.dirname(found[libc]) if libc else os.path.dirname(loader)
    if image:
        where = first(image, there, libc, machine) if libc else None
        home = inside(image, os.path.dirname(where or loader))[len(image.rstrip("/")):]
    for name, path in sorted(found.items()):
        if path.startswith(programs + os.sep) or name in bundled and os.path.basename(path) in bundled:
            continue
        if image is None or first(image, there, name, machine) is None:
            copy(inside("/", path), tree, os.path.join(home, name))
    trusted = ssl.get_default_verify_paths().openssl_cafile
    bundles = [trusted, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem", "/etc/pki/tls/certs/ca-bundle.crt"]
    bundle = next((path for path in bundles if os.path.isfile(path)), None)
    uses_tls = any(name.startswith("libssl.") for name in [*found, *bundled])
    if image is None and uses_tls and bundle:
        copy(os.path.realpath(bundle), tree, trusted)


if __name__ == "__main__":
    main(*sys.argv[1:])
`;
