"""The demo in a folder of its own, so that a test disturbs nobody's build/demo."""
import os
import shutil
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PROGRAM = Path(os.environ.get("CANDOUR_PROGRAM", REPOSITORY / "build/release/candour")).resolve()
GENERATE = Path(os.environ.get("CANDOUR_DEMO_GENERATE", PROGRAM.parent / "demo_generate")).resolve()


def make_tree(folder: Path) -> Path:
    """What `make demo` stands on: demo/, and build/release/ with the two programs."""
    (folder / "build/release").mkdir(parents=True)
    for program in (PROGRAM, GENERATE):
        (folder / "build/release" / program.name).symlink_to(program)
    (folder / "demo").mkdir()
    (folder / "demo/data").symlink_to(REPOSITORY / "demo/data")
    shutil.copytree(REPOSITORY / "demo/home", folder / "demo/home")
    shutil.copy(REPOSITORY / "demo/tell", folder / "demo/tell")
    return folder


def environment(folder: Path) -> dict:
    """Nobody's settings reach the demo."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CANDOUR_")}
    return {**kept, "HOME": str(folder)}


def tell_story(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run([folder / "demo/tell"], cwd=folder, env=environment(folder), text=True,
                          capture_output=True, timeout=280, check=False)
