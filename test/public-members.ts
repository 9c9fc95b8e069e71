import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** `Stage.copy`, for all public members of all classes, interfaces and enums below lib/, inherited ones too. */
export function publicMembers(): Set<string> {
  const own = new Map<string, { members: string[]; parents: string[] }>();
  for (const path of readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))) {
    ts.createSourceFile(path, readFileSync(join('lib', path), 'utf8'), ts.ScriptTarget.ES2022, true).forEachChild(node => {
      if (!ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node) && !ts.isEnumDeclaration(node)) return;
      const members = [...node.members].flatMap(member => member.name && !isPrivate(member) ? [member.name.getText()] : []);
      const clauses = ts.isEnumDeclaration(node) ? [] : node.heritageClauses ?? [];
      const parents = clauses.flatMap(clause => clause.types.map(type => type.expression.getText()));
      own.set(node.name!.text, { members, parents });
    });
  }
  const all = (name: string): string[] => [...own.get(name)?.members ?? [], ...(own.get(name)?.parents ?? []).flatMap(all)];
  return new Set([...own.keys()].flatMap(name => all(name).map(member => `${name}.${member}`)));
}

function isPrivate(member: ts.Node): boolean {
  const modifiers = ts.canHaveModifiers(member) ? ts.getModifiers(member) ?? [] : [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword);
}
