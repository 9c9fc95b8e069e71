/** First line of every file that has comments. */
export const HEADER = 'Written by cdk-wheelhouse: change the declaration, not this file.';
