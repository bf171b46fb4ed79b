# Any Debian image with Python 3.11-3.13 does, or 3.14 with TENSORFLOW=0; name one with its digest to pin it.
ARG BASE_IMAGE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE_IMAGE} AS build
# 0 leaves TensorFlow out and saves about 1.2 GB.
ARG TENSORFLOW=1
ENV PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY requirements.txt requirements-base.txt ./
RUN if [ "$TENSORFLOW" = 0 ]; then lock=requirements-base.txt; else lock=requirements.txt; fi \
    && python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv install --no-cache-dir --no-compile --disable-pip-version-check \
        --require-hashes --only-binary=:all: --requirement "$lock" \
    # Of no use without a compiler, nor to who has no mind to test them.
    && find /opt/venv/lib -type d \( -name tests -o -name include \) -prune -exec rm -r {} +
# A read-only root can't keep bytecode, and without any TensorFlow takes 8 s to import instead of 3, so what it imports
# is compiled here; unchecked, as layers round the files' times.
RUN if [ "$TENSORFLOW" != 0 ]; then \
        /opt/venv/bin/python -c "import py_compile, sys, tensorflow; \
            files = [getattr(module, '__file__', None) or '' for module in sys.modules.values()]; \
            mode = py_compile.PycInvalidationMode.UNCHECKED_HASH; \
            [py_compile.compile(file, invalidation_mode=mode) for file in files if '/site-packages/' in file and file.endswith('.py')]"; \
    fi
# What is in it, with versions and licences, for who has to answer for it.
COPY requirements-image.txt ./
RUN python -m venv --without-pip /opt/sbom \
    && python -m pip --python /opt/sbom install --no-cache-dir --no-compile --disable-pip-version-check \
        --require-hashes --only-binary=:all: --requirement requirements-image.txt \
    && /opt/sbom/bin/cyclonedx-py environment --gather-license-texts --output-file /opt/venv/sbom.cdx.json /opt/venv
WORKDIR /app
COPY . .
# The root may be read-only later, so what the browser loads is published now.
RUN /opt/venv/bin/python deploy/sbom.py /opt/venv/sbom.cdx.json && rm -r deploy requirements*.txt \
    && /opt/venv/bin/python -m ui.player.assets && chmod -R a+rX /app

FROM ${BASE_IMAGE}
ENV PYTHONDONTWRITEBYTECODE=1
# Nothing is installed from here on: the base's pip goes, and with it the copies that it is bootstrapped from.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
    && rm -rf "$(python -c 'import ensurepip; print(ensurepip.__path__[0])')"
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# A volume that is mounted here is the app's own: replicas share their cookie secret in it.
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/kmeans
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_CLIENT_SHOW_ERROR_DETAILS=none \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "import http.client, os; base = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); server = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); server.request('GET', f'/{base}/_stcore/health'.replace('//', '/')); raise SystemExit(server.getresponse().status != 200)"]
CMD ["python", "-m", "server"]
# 'make image' passes them. They come last, so that another commit alone changes no other layer.
ARG VERSION=unknown REVISION=unknown CREATED=unknown
LABEL org.opencontainers.image.title="K-means, step by step" \
      org.opencontainers.image.description="K-means one half-step at a time: a web app to step through runs, and the numerical library below it" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED"
