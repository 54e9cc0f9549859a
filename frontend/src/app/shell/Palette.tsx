export default function Palette({ onClose }: { readonly onClose: () => void; readonly onHelp: () => void }) { return <button type="button" onClick={onClose}>x</button>; }
