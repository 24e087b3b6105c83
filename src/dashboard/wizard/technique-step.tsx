import { Box, Text } from 'ink';
import { List } from './list.js';
import type { TechniqueOffer } from './state.js';
import { Line } from './typed-line.js';
import type { StepProps } from './view.js';

/** Techniques and variants to choose from, and the settings of the one that is marked. */
export function Techniques({ state, room, color }: StepProps) {
  const { techniques, technique, typing } = state;
  const marked = techniqueOf(state.facts.techniques, techniques[technique]?.spec);
  const settings = marked?.settings ?? [];
  const below = Math.min(settings.length + 2, Math.max(2, room - techniques.length));
  const specWidth = Math.max(...techniques.map(({ spec }) => spec.length));
  const lines = techniques.map(({ spec, isChosen }) => {
    const { title = '' } = techniqueOf(state.facts.techniques, spec) ?? {};
    return `[${isChosen ? 'x' : ' '}] ${spec.padEnd(specWidth)}  ${title}`;
  });
  return (
    <>
      <List lines={lines} at={technique} room={Math.max(1, room - below)} color={color} />
      <Box flexDirection="column" marginTop={1}>
        {typing === null ? (
          <Text wrap="truncate">
            {hintOf(
              state.techniques.some(({ isChosen }) => isChosen),
              marked,
            )}
          </Text>
        ) : (
          <Line label="variant" typing={typing} color={color} />
        )}
        {settings.slice(0, Math.max(0, below - 2)).map((setting) => (
          <Text key={setting} dimColor wrap="truncate">{`  ${setting}`}</Text>
        ))}
      </Box>
    </>
  );
}

function techniqueOf(offers: readonly TechniqueOffer[], spec = ''): TechniqueOffer | undefined {
  return offers.find(({ name }) => name === spec.split(':')[0]);
}

function hintOf(isAnyChosen: boolean, marked: TechniqueOffer | undefined): string {
  if (!isAnyChosen) return 'Choose at least one (Space).';
  return marked === undefined ? '' : `${marked.title}: ${marked.summary}`;
}
