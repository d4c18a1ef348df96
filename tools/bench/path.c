/* Judges one certificate path again and again with OpenSSL's own verification and prints processor milliseconds for each.
 *
 *     path FOLDER COUNT
 *
 * FOLDER is what `yinxin bench path --keep FOLDER` leaves. Four figures, one a line: warm and cold, each without and with
 * revocation lists. Warm: certificates and lists are decoded beforehand. Cold: target, authorities and lists are decoded from
 * DER each time; the root is not. OpenSSL checks every signature in both. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

enum { MOST = 8 };

struct encoded {
    unsigned char *der;
    int length;
};

static struct encoded authorities[MOST], lists[MOST], target;
static int authority_count, list_count;
static X509 *root;

static void fail(const char *what) {
    fprintf(stderr, "path: %s\n", what);
    exit(2);
}

static FILE *open_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    return file;
}

static void load(const char *folder) {
    FILE *file = open_file(folder, "root.pem");
    root = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    file = open_file(folder, "target.pem");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    if (!root || !certificate)
        fail("root or target cannot be read");
    target.length = i2d_X509(certificate, &target.der);
    file = open_file(folder, "authorities.pem");
    while (authority_count < MOST && (certificate = PEM_read_X509(file, NULL, NULL, NULL))) {
        authorities[authority_count].length = i2d_X509(certificate, &authorities[authority_count].der);
        authority_count++;
    }
    fclose(file);
    file = open_file(folder, "lists.pem");
    X509_CRL *list;
    while (list_count < MOST && (list = PEM_read_X509_CRL(file, NULL, NULL, NULL))) {
        lists[list_count].length = i2d_X509_CRL(list, &lists[list_count].der);
        list_count++;
    }
    fclose(file);
}

static X509 *decode(const struct encoded *from) {
    const unsigned char *der = from->der;
    return d2i_X509(NULL, &der, from->length);
}

/* What one judgement needs. */
struct bag {
    X509 *target;
    STACK_OF(X509) *authorities;
    STACK_OF(X509_CRL) *lists;
};

static struct bag gather(int with_lists) {
    struct bag bag = {decode(&target), sk_X509_new_null(), sk_X509_CRL_new_null()};
    for (int i = 0; i < authority_count; i++)
        sk_X509_push(bag.authorities, decode(&authorities[i]));
    for (int i = 0; with_lists && i < list_count; i++) {
        const unsigned char *der = lists[i].der;
        sk_X509_CRL_push(bag.lists, d2i_X509_CRL(NULL, &der, lists[i].length));
    }
    return bag;
}

static void drop(struct bag bag) {
    X509_free(bag.target);
    sk_X509_pop_free(bag.authorities, X509_free);
    sk_X509_CRL_pop_free(bag.lists, X509_CRL_free);
}

static void judge(X509_STORE *store, X509_STORE_CTX *context, struct bag bag, int with_lists) {
    if (!X509_STORE_CTX_init(context, store, bag.target, bag.authorities))
        fail("no context");
    if (with_lists) {
        X509_STORE_CTX_set0_crls(context, bag.lists);
        X509_STORE_CTX_set_flags(context, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    }
    if (X509_verify_cert(context) != 1)
        fail(X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
    X509_STORE_CTX_cleanup(context);
}

static double milliseconds(X509_STORE *store, int count, int is_cold, int with_lists) {
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    struct bag known = gather(with_lists);
    judge(store, context, known, with_lists);
    clock_t start = clock();
    for (int i = 0; i < count; i++) {
        struct bag bag = is_cold ? gather(with_lists) : known;
        judge(store, context, bag, with_lists);
        if (is_cold)
            drop(bag);
    }
    double each = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC / count;
    drop(known);
    X509_STORE_CTX_free(context);
    return each;
}

int main(int argc, char **argv) {
    if (argc != 3)
        fail("usage: path FOLDER COUNT");
    load(argv[1]);
    int count = atoi(argv[2]);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, root);
    const char *names[2][2] = {{"warm", "warm-with-lists"}, {"cold", "cold-with-lists"}};
    for (int is_cold = 0; is_cold < 2; is_cold++)
        for (int with_lists = 0; with_lists < 2; with_lists++)
            printf("%s %.5f\n", names[is_cold][with_lists], milliseconds(store, count, is_cold, with_lists));
    return 0;
}
