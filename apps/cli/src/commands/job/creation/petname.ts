import { randomInt } from 'node:crypto';

const QUALITIES =
  `amber ancient bold brave bright brisk calm clear clever crisp deep eager early fair fleet fond
  gentle glad golden grand happy keen kind light lively loyal lucky mellow merry mild neat noble plain proud quick
  quiet rapid ready rich royal sharp silent silver smart smooth solid steady still strong sunny sweet swift tidy
  true vivid warm wise witty young`.split(/\s+/);

const CREATURES =
  `badger bear beaver bee bison crane crow deer dolphin dove eagle elk falcon finch fox gecko goat
  goose hare hawk heron horse ibis jay koala lark lion lizard lynx magpie marten mole moose moth newt otter owl
  panda pigeon puffin quail rabbit raven robin salmon seal shark shrew snail sparrow squid stork swan tern tiger
  toad trout turtle viper whale wolf wren yak zebra`.split(/\s+/);

/** Two words joined by `_`, as a name for a folder nobody named. */
export function createPetname(): string {
  return `${pick(QUALITIES)}_${pick(CREATURES)}`;
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? '';
}
