# Finds Java and starts the command line. Sourced by bin/tidings of a checkout and of a distribution.

required_java=25

java_version() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p'
}

# Prints the path of a Java that is new enough: JAVA_HOME, PATH, then the usual directories.
find_java() {
  local candidate version
  for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java \
      "$HOME"/.sdkman/candidates/java/*/bin/java "$HOME"/.jdks/*/bin/java; do
    [ -x "$candidate" ] || continue
    version=$(java_version "$candidate")
    if [ "${version%%.*}" -ge "$required_java" ] 2>/dev/null; then
      readlink -f "$candidate"
      return
    fi
  done
  echo "tidings: Java $required_java or newer is needed; set JAVA_HOME to one" >&2
  exit 1
}

# start_tidings JAVA HOME CLASSPATH COMMAND...: replaces this process by the command.
start_tidings() {
  local java=$1 home=$2 classpath=$3
  shift 3
  # The JVM decodes arguments by the locale; in an ASCII locale every other letter would be lost before the program sees it.
  export LC_ALL=C.UTF-8

  local level flags
  case "${1:-}" in
    up | backends) level=ERROR flags=(-XX:+UseParallelGC -Xms1g -Xmx2g -Xmn600m) ;;
    gateway | processors | connectors) level=INFO flags=(-XX:+UseParallelGC -Xmx1g) ;;
    replay) level=ERROR flags=(-XX:+UseSerialGC -Xmx1g) ;;
    bench | chaos) level=WARN flags=(-XX:+UseSerialGC -Xmx512m) ;;
    verify | erase | hold | export) level=ERROR flags=(-XX:+UseSerialGC -Xmx512m) ;;
    dlq | trace) level=ERROR flags=(-XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1) ;;
    *) level=WARN flags=(-XX:+UseSerialGC -Xmx128m -XX:TieredStopAtLevel=1) ;;
  esac
  # shellcheck disable=SC2086 # TIDINGS_JAVA_OPTS is a list
  exec "$java" -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    "${flags[@]}" -Dtidings.log.level="${TIDINGS_LOG_LEVEL:-$level}" ${TIDINGS_JAVA_OPTS:-} \
    -Dtidings.home="$home" -cp "$classpath" dev.tidings.ops.cli.Tidings "$@"
}
