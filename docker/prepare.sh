#!/bin/sh
# Makes what docker-compose.yml needs and no repository may hold: docker/.env with generated passwords (mode 0600), and the
# folders the containers share with you. Safe to run again: nothing that exists is changed. (Not .env in the root: dbt,
# run there by hand, would read it.)
set -eu
cd "$(dirname "$0")/.."

secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# The containers write as you do; as root they write as an account that owns nothing else.
uid=$(id -u)
[ "$uid" -ne 0 ] || uid=50000

if [ ! -e docker/.env ]; then
    umask 077
    {
        echo "POSTGRES_PASSWORD=$(secret)"
        echo "REDIS_PASSWORD=$(secret)"
        echo "CHAIDAEN_UID=$uid"
        echo "CHAIDAEN_DATA=./.chaidaen/compose"
    } > docker/.env
    echo "made docker/.env"
fi

. docker/.env
umask 027
for folder in home landing archive outbox; do
    mkdir -p "$CHAIDAEN_DATA/$folder"
    [ "$(id -u)" -ne 0 ] || chown "$CHAIDAEN_UID" "$CHAIDAEN_DATA/$folder"
done
echo "drop files in $CHAIDAEN_DATA/landing/<agency>/<dataset>/<period>/ once it runs: docker compose --env-file docker/.env up -d --build --wait"
