# Thin: what each word does is in tools/, cmake/ and tests/.
.PHONY: demo test check build asan tsan interop crash bench format lint clean bootstrap

CONFIGURE = cmake -G Ninja -S . -B

demo: build
	demo/tell

test: build
	tools/check
	tools/web_test
	ctest --test-dir build/release --output-on-failure -j2

# What a contributor runs between edits: style and the quick tests.
check: build
	tools/check
	ctest --test-dir build/release --output-on-failure -j2 -LE slow

bootstrap:
	tools/bootstrap

build: bootstrap
	$(CONFIGURE) build/release -DCMAKE_BUILD_TYPE=Release
	cmake --build build/release

asan: bootstrap
	$(CONFIGURE) build/asan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCANDOUR_SANITIZE=address,undefined
	cmake --build build/asan
	ctest --test-dir build/asan --output-on-failure

tsan: bootstrap
	$(CONFIGURE) build/tsan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCANDOUR_SANITIZE=thread
	cmake --build build/tsan
	ctest --test-dir build/tsan --output-on-failure

# Another implementation of transparency logs reads ours and refuses every changed one.
interop: build
	cmake --build build/release --target write_log
	tests/interop/run build/release/tests/interop/write_log

# Longer attacks on the ledger than the tests make: some quarter of an hour.
crash: build
	tests/crash/run

bench: build
	bench/run

format:
	git ls-files '*.h' '*.cc' | xargs clang-format-19 -i

# Slow, so not part of the tests; needs Debian's clang-tidy-19.
lint: build
	git ls-files 'src/*.cc' | grep -v _test.cc | xargs -P2 -n4 clang-tidy-19 -p build/release --quiet

clean:
	rm -rf build/release build/asan build/tsan build/demo build/web
