using System.Security.Cryptography;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>
/// Fetches a model package over HTTPS: <c>model.yaml</c>, whose SHA-256 is known, and the files it names, each with the hash it says. Named hosts only, no
/// redirects, no proxy, no cookies, no more than was allowed; what is not whole is removed.
/// </summary>
internal static class PackageDownload
{
    private const int MaxManifestBytes = 1 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    /// <summary>Why an address is refused; null = it may be asked.</summary>
    public static string? WhyNot(string text, IReadOnlyList<string> hosts, out Uri? address) =>
        !Uri.TryCreate(text, UriKind.Absolute, out address) || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0
            || !address.AbsolutePath.EndsWith($"/{ModelManifest.FileName}", StringComparison.Ordinal)
                ? $"expected the address of a {ModelManifest.FileName}, without user and query"
            : address.Scheme != "https" && !(address.Scheme == "http" && address.IsLoopback) ? $"expected https://, found {address.Scheme}://"
            : !hosts.Contains(address.Authority) ? $"expected a host of rollout.hosts ({string.Join(", ", hosts)}), found {address.Authority}"
            : null;

    /// <summary>Fetches a package into the folder of the rollout and returns where it stands; one that is there already is not fetched again.</summary>
    /// <exception cref="ModelContractException">What came is not what the hashes say, or too much.</exception>
    /// <exception cref="HttpRequestException">The host did not answer with it.</exception>
    public static async Task<string> FetchAsync(Uri manifest, string sha256, RolloutEntry entry, CancellationToken cancellationToken)
    {
        string target = Path.Combine(entry.Folder, $"fetched-{sha256[..16].ToLowerInvariant()}");
        if (Directory.Exists(target))
        {
            return target;
        }

        string partial = Path.Combine(entry.Folder, $".fetching-{Guid.NewGuid():N}");
        Directory.CreateDirectory(partial);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxResponseHeadersLength = 64 };
            using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            string path = Path.Combine(partial, ModelManifest.FileName);
            long left = entry.MaxBytes - await FetchAsync(
                client, manifest, path, sha256, Math.Min(MaxManifestBytes, entry.MaxBytes), limit.Token).ConfigureAwait(false);
            foreach (ModelFile file in ModelManifest.Load(path).Files)
            {
                string to = Path.GetFullPath(Path.Combine(partial, file.Path));
                if (!to.StartsWith(partial + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                {
                    throw new ModelContractException($"the file {file.Path} would lie outside its package");
                }

                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                left -= await FetchAsync(
                    client, new Uri(manifest, string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))), to, file.Sha256, left, limit.Token)
                    .ConfigureAwait(false);
            }

            Directory.Move(partial, target);
            return target;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{manifest.Host} did not send the package within {Limit.TotalMinutes:0} minutes", e);
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private static async Task<long> FetchAsync(HttpClient client, Uri from, string to, string sha256, long most, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync(from, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{from.AbsolutePath} of {from.Host}: {(int)response.StatusCode} {response.ReasonPhrase}");
        }

        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        FileStream file = File.Create(to);
        await using (file.ConfigureAwait(false))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[81_920];
            long total = 0;
            for (int read; (read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                total += read;
                if (total > most)
                {
                    throw new ModelContractException($"the package weighs more than rollout.max_mib allows ({from.AbsolutePath})");
                }

                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            string found = Convert.ToHexStringLower(hash.GetHashAndReset());
            return found.Equals(sha256, StringComparison.OrdinalIgnoreCase)
                ? total
                : throw new ModelContractException($"{from.AbsolutePath} has SHA-256 {found}, expected {sha256}");
        }
    }
}
