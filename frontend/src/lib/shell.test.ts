import { joinCommand, parseCommand, quoteWord } from "./shell";

test.each<[string, string[]]>([
  ["python train.py --lr 3e-4", ["python", "train.py", "--lr", "3e-4"]],
  ["  python\n\ttrain.py  ", ["python", "train.py"]],
  [`python -c 'print("hi there")'`, ["python", "-c", 'print("hi there")']],
  [`echo "a \\"b\\" \\\\ \\n"`, ["echo", 'a "b" \\ \\n']],
  ["echo a\\ b", ["echo", "a b"]],
  ["python train.py \\\n  --epochs 20", ["python", "train.py", "--epochs", "20"]],
  [`echo '' ""`, ["echo", "", ""]],
  [`echo a'b c'"d"e`, ["echo", "ab cde"]],
  ["", []],
])("%j becomes %j", (text, argv) => {
  expect(parseCommand(text)).toMatchObject({ argv, open: null });
});

test.each([["echo 'a", "'"], ['echo "a', '"'], ["echo a\\", "\\"]])("%j is not finished", (text, open) => {
  expect(parseCommand(text).open).toBe(open);
});

test("what only a shell would read is named", () => {
  expect(parseCommand("cat $DATA/x | sort > ~/out").signs).toEqual(["$", "|", ">", "~"]);
  expect(parseCommand(`echo "$HOME" 'a | b'`).signs).toEqual(["$"]);
  expect(parseCommand("pip install a==1,b~=2 --x=~y").signs).toEqual([]);
});

test.each([["train.py", "train.py"], ["a b", "'a b'"], ["", "''"], ["it's", "'it'\\''s'"], ["$X", "'$X'"]])("%j is typed as %s", (word, typed) => {
  expect(quoteWord(word)).toBe(typed);
});

test.each([[["python", "-c", "print('a b')\nprint(\"c\")"]], [["sh", "-c", "echo $X | wc -l > 'out file'"]], [["echo", ""]]])("%j typed is read back the same", (argv) => {
  expect(parseCommand(joinCommand(argv)).argv).toEqual(argv);
});
