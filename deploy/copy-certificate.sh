#!/bin/sh
# Copy a certificate to where the proxy may read it, and let the proxy take it up without ending a connection.
# usage: deploy/copy-certificate.sh LINEAGE [FOLDER]
#   LINEAGE  the folder of certbot, /etc/letsencrypt/live/your.server; as a deploy hook of certbot it is known
#   FOLDER   what CERTIFICATES names for compose; ./certificates unless given
# OWNER (101:101) is the user of the proxy. RELOAD is the command that reloads it.
set -eu
cd "$(dirname "$0")/.."
lineage=${1:-${RENEWED_LINEAGE:?name the folder with fullchain.pem and privkey.pem}}
folder=${2:-${CERTIFICATES:-./certificates}}
owner=${OWNER:-101:101}
reload=${RELOAD:-docker compose -f compose.yaml -f compose.tls.yaml exec -T proxy nginx -s reload}

mkdir -p "$folder"
for file in fullchain.pem privkey.pem; do
    # certbot's files are links to others that only root may read: what they lead to is copied.
    install -m 0400 "$lineage/$file" "$folder/.$file.new"
    chown "$owner" "$folder/.$file.new" ||
        { echo "Run this as root: the proxy's user ($owner) has to own the copy." >&2; exit 1; }
done
for file in fullchain.pem privkey.pem; do
    mv -f "$folder/.$file.new" "$folder/$file"
done
chmod 0755 "$folder"

# Before the first start there is nothing to reload; a proxy that starts later reads the new files anyway.
export CERTIFICATES="$folder"
if $reload; then echo "The proxy serves the new certificate."; else echo "The proxy does not run yet."; fi
